/** The window of VS Code, driven as a person would: palette, quick picks, dialogs, hovers, the status bar. */

import { until } from "./vscode.mjs";

const EXTENSION = "ai-backend-team.backend-team";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const SQUIGGLES = [".squiggly-error", ".squiggly-warning", ".squiggly-info", ".squiggly-hint", ".squiggly-unnecessary"].map((name) => `.monaco-editor .view-overlays ${name}, .monaco-editor .cdr${name}`).join(", ");

/** @param {import("./toolbox.mjs").Toolbox} tools */
export async function launchBrowser(tools) {
  return await tools.playwright.chromium.launch({ executablePath: tools.chromium, headless: true, args: FLAGS, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
}

export class Window {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
  }

  /** Open an address of VS Code and wait for its explorer. @param {any} browser @param {string} address */
  static async open(browser, address) {
    const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(address);
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
    return new Window(page);
  }

  /** @param {string} path */
  async photograph(path) {
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** Open the quick input with a key; a web page that was just closed may have swallowed the first one. @param {string} key */
  async ask(key) {
    const input = this.page.locator(".quick-input-widget input[type=text]").first();
    await until(`${key} opens the quick input`, async () => {
      await this.page.keyboard.press(key);
      await input.waitFor({ timeout: 2_000 }).catch(async (/** @type {Error} */ error) => {
        await this.page.locator(".part.editor").click({ position: { x: 300, y: 16 } });
        throw error;
      });
      return true;
    });
  }

  /** Open a file by its name. @param {string} name */
  async openFile(name) {
    await this.pick(name);
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
  }

  /** Choose a file by its name; the list may not know yet one that has just come. @param {string} name */
  async pick(name) {
    await until(`${name} is listed`, async () => {
      await this.ask("Control+P");
      await this.type(name);
      await this.row(name).first().click({ timeout: 3_000 }).catch(async (/** @type {Error} */ error) => {
        await this.page.keyboard.press("Escape");
        throw error;
      });
      return true;
    });
  }

  /** Run a command of the palette. @param {string} title */
  async command(title) {
    await this.ask("F1");
    await this.type(`>${title}`);
    await this.row(title).first().click();
  }

  /** Fill the quick input that is open. @param {string} text */
  async type(text) {
    await this.page.locator(".quick-input-widget:not(.hidden) input[type=text]").fill(text);
  }

  /** Rows of the quick input with this text. @param {string} text */
  row(text) {
    return this.page.locator(".quick-input-widget:not(.hidden) .quick-input-list .monaco-list-row", { hasText: text });
  }

  /** Title, prompt and hint of the quick input; empty when none is open. */
  async question() {
    const widget = this.page.locator(".quick-input-widget");
    if (!(await widget.isVisible())) return "";
    const [title, message] = await Promise.all([".quick-input-title", ".quick-input-message"].map((part) => widget.locator(part).innerText({ timeout: 1_000 })));
    const hint = await widget.locator("input[type=text]").first().getAttribute("placeholder", { timeout: 1_000 });
    return [title, message, hint].filter(Boolean).join(" | ");
  }

  /** Put the cursor at a line and column, from 1. @param {number} line @param {number} [column] */
  async goTo(line, column = 1) {
    await this.ask("Control+G");
    await this.type(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async save() {
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** How many squiggles are in sight. */
  async squiggles() {
    return await this.page.locator(SQUIGGLES).count();
  }

  /** A word of the text in sight. @param {string} line a part of its line @param {string} word */
  async hover(line, word) {
    const place = await this.page.locator(".view-line", { hasText: line }).first().evaluateHandle(
      (/** @type {Element} */ row, /** @type {string} */ wanted) => {
        const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = node.textContent?.indexOf(wanted) ?? -1;
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
        return null;
      },
      word,
    );
    const point = await place.jsonValue();
    if (!point) throw new Error(`"${word}" is not in sight in a line with "${line}"`);
    await this.page.mouse.move(point.x - 3, point.y);
    await this.page.mouse.move(point.x, point.y, { steps: 3 });
    const hover = this.page.locator(".monaco-hover:visible, .monaco-resizable-hover:visible").first();
    await hover.waitFor();
    return await hover.innerText();
  }

  /** Choose a code action at the cursor. @param {RegExp} title */
  async codeAction(title) {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await until("the lightbulb's menu is open", async () => {
      if (await rows.count()) return true;
      await this.page.keyboard.press("Control+.");
      await rows.first().waitFor({ timeout: 3_000 });
      return true;
    });
    const titles = await rows.allInnerTexts();
    const choose = async () => {
      const row = rows.filter({ hasText: title }).first();
      // A pane lies over the menu until the mouse moves.
      const { x, y } = await row.boundingBox();
      await this.page.mouse.move(x + 8, y + 4);
      await row.click();
    };
    return { titles, choose };
  }

  /** The status-bar item of the extension. */
  statusItem() {
    return this.page.locator(`.statusbar-item[id="${EXTENSION}.backendTeam.status"]`);
  }

  /** Wait until the status-bar item says something and the server is not busy. @param {RegExp} pattern @param {number} [timeout] */
  async statusSays(pattern, timeout = 30_000) {
    return await until(`the status bar says ${pattern}`, async () => {
      // Read at one moment: between two reads the server may have become ready.
      const read = (/** @type {HTMLElement} */ item) => ({ said: item.innerText, busy: item.querySelector(".codicon-sync, .codicon-loading") !== null });
      const { said, busy } = await this.statusItem().evaluate(read, undefined, { timeout: 30_000 });
      const text = said.replace(/\s+/g, " ").trim();
      if (busy || !pattern.test(text)) throw new Error(`${text}${busy ? ", busy" : ""}`);
      return text;
    }, timeout);
  }

  /** Commands of ours that the palette offers now. */
  async offered() {
    await this.ask("F1");
    await this.type(">AI Backend Team: ");
    await this.row("AI Backend Team: ").first().waitFor();
    const rows = this.page.locator(".quick-input-widget:not(.hidden) .quick-input-list .monaco-list-row");
    const titles = /** @type {Set<string>} */ (new Set());
    await until("all rows were in sight", async () => {
      for (const row of await rows.locator(".label-name").allInnerTexts()) titles.add(row.trim());
      const all = await rows.first().getAttribute("aria-setsize");
      if (titles.size < Number(all)) await this.page.keyboard.press("PageDown");
      return titles.size >= Number(all);
    });
    await this.page.keyboard.press("Escape");
    const ours = "AI Backend Team: ";
    return [...titles].filter((title) => title.startsWith(ours)).map((title) => title.slice(ours.length));
  }

  /** Rows of the view "Cleanup". @param {string | RegExp} [text] */
  cleanupRows(text) {
    const rows = this.page.locator('.pane[aria-label^="Cleanup"] .monaco-list-row, .pane:has(.pane-header[aria-label^="Cleanup"]) .monaco-list-row');
    return text === undefined ? rows : rows.filter({ hasText: text });
  }

  /** Press a button in the title of the view "Cleanup". @param {string} name */
  async viewAction(name) {
    await this.page.locator(".composite.title, .pane-header").getByRole("button", { name }).first().click();
  }

  /** Apply what the Refactor Preview shows; a picture is taken before. @param {() => Promise<void>} shoot */
  async applyPreview(shoot) {
    const apply = this.page.locator(".bulk-edit-panel").getByRole("button", { name: "Apply" });
    await apply.waitFor();
    await shoot();
    await apply.click();
    await apply.waitFor({ state: "hidden" });
  }

  /** A notification with this text. @param {string | RegExp} text */
  toast(text) {
    return this.page.locator(".notifications-toasts .notification-toast", { hasText: text }).first();
  }

  /** Close all notifications. */
  async dismiss() {
    await this.command("Notifications: Clear All Notifications");
    await this.page.locator(".notification-toast").first().waitFor({ state: "detached" }).catch(() => undefined);
  }

  /** The modal dialog. */
  dialog() {
    return this.page.locator(".monaco-dialog-box");
  }

  /** Press a button of the modal dialog. @param {string} name */
  async answer(name) {
    await this.dialog().getByRole("button", { name, exact: true }).click();
    await this.dialog().waitFor({ state: "detached" });
  }
}
