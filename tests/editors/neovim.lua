-- Plays a session with the client of Neovim (0.7 and newer) and prints what it saw as JSON lines: see headless.py.

local DEADLINE = 20000 -- milliseconds

local function say(step, seen)
  seen.step = step
  io.stdout:write(vim.json.encode(seen) .. "\n")
  io.stdout:flush()
end

local function wait(what, condition)
  if not vim.wait(DEADLINE, condition, 20) then
    error("waited in vain until " .. what)
  end
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") .. "\n"
end

local function find(code)
  for _, one in ipairs(vim.diagnostic.get(0)) do
    if (one.code or one.user_data.lsp.code) == code then
      return one
    end
  end
end

local function codes()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, one.code or one.user_data.lsp.code)
  end
  table.sort(found)
  return table.concat(found, " ")
end

-- As a person does: reads the titles that are offered, takes one.
local function choose(title, context)
  local offered
  vim.ui.select = function(items, options, on_choice)
    offered = vim.tbl_map(options.format_item, items)
    for index, shown in ipairs(offered) do
      if shown == title then
        return on_choice(items[index], index)
      end
    end
    error(title .. " is not among " .. vim.inspect(offered))
  end
  vim.lsp.buf.code_action(vim.fn.has("nvim-0.8") == 1 and { context = context } or context)
  wait("code actions were offered", function()
    return offered
  end)
  return offered
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

local function play()
  vim.cmd("edit cart.py")
  wait("findings were shown", function()
    return find("comparison-to-none")
  end)
  say("opened", { codes = codes() })

  local place = find("comparison-to-none")
  vim.api.nvim_win_set_cursor(0, { place.lnum + 1, place.col })
  vim.lsp.buf.hover()
  wait("the hover was shown", floating)
  say("hovered", { text = text(vim.api.nvim_win_get_buf(floating())) })
  vim.api.nvim_win_close(floating(), true)

  vim.lsp.codelens.refresh()
  wait("the code lenses came", function()
    return #vim.lsp.codelens.get(0) > 0
  end)
  local lenses = {}
  for _, lens in ipairs(vim.lsp.codelens.get(0)) do
    table.insert(lenses, lens.range.start.line .. " " .. lens.command.title)
  end
  table.sort(lenses)
  say("lenses", { lenses = table.concat(lenses, ", ") })

  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "def half(" })
  wait("the half-typed line was marked", function()
    return find("syntax-error")
  end)
  say("typed", { codes = codes() })
  vim.cmd("silent undo")
  wait("the mark was gone", function()
    return not find("syntax-error")
  end)

  -- An action that is a command: the rule's page, or a message where no page can be shown.
  vim.api.nvim_win_set_cursor(0, { place.lnum + 1, place.col })
  choose("Explain comparison-to-none")
  wait("the rule was explained", function()
    local page = vim.api.nvim_buf_get_name(0):match("comparison%-to%-none.md$")
    return page or vim.api.nvim_exec("messages", true):match("There is one None")
  end)
  vim.cmd("silent buffer cart.py")

  vim.api.nvim_win_set_cursor(0, { place.lnum + 1, place.col })
  local offered = choose("Fix: Compare to None with `is`")
  wait("the quick fix was applied", function()
    return not find("comparison-to-none")
  end)
  say("fixed", { offered = offered, text = text(0), codes = codes() })

  offered = choose("Organize imports", { only = { "source.organizeImports" } })
  wait("the imports were organised", function()
    return not find("unused-import")
  end)
  say("organised", { offered = offered, text = text(0), codes = codes() })

  vim.cmd("FixWorkspace")
  wait("the workspace was fixed", function()
    return codes() == ""
  end)
  vim.cmd("silent wall")
  say("everywhere", { text = text(0) })

  if vim.fn.has("nvim-0.11") == 1 then -- the words for fixes on save are for it
    vim.cmd("silent edit typed.py")
    vim.api.nvim_buf_set_lines(0, 0, 0, false, { "import json" })
    vim.api.nvim_buf_set_lines(0, -1, -1, false, { "for name in totals.keys():", "    print(name)" })
    wait("what was typed was marked", function()
      return find("unused-import") and find("dict-keys-iteration")
    end)
    vim.cmd("silent write")
    say("saved", { text = text(0) })
  end

  vim.cmd("silent edit backend-team.toml")
  wait("the settings file was marked", function()
    return #vim.diagnostic.get(0) > 0
  end)
  say("settings", { codes = codes() })

  local clients = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
  vim.lsp.stop_client(clients)
  wait("the client stopped", function()
    return #(vim.lsp.get_clients or vim.lsp.get_active_clients)() == 0
  end)
  say("stopped", { clients = #clients })
end

local fine, trouble = xpcall(play, debug.traceback)
if not fine then
  say("trouble", { text = trouble })
end
vim.cmd(fine and "qall!" or "cquit")
