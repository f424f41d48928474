;;; eglot.el --- Plays a session with Eglot and prints what it saw as JSON lines: see headless.py -*- lexical-binding: t -*-

(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'json)

(defconst play-deadline 20 "Seconds.")
(defvar play-asked nil "Questions that were answered with yes.")

(defun play-say (step &rest seen)
  (princ (concat (json-encode (append (list :step step) seen)) "\n")))

(defun play-turn ()
  "What happens between two keys: without a screen nothing is displayed, and Emacs is never idle."
  (run-hooks 'post-command-hook)
  (when eglot--managed-mode
    (unless (flymake-running-backends) (flymake-start))
    (eglot--signal-textDocument/didChange))
  (accept-process-output nil 0.02))

(defmacro play-wait (what condition)
  "Wait until CONDITION holds."
  `(with-timeout (play-deadline (error "Waited in vain until %s" ,what))
     (while (not ,condition) (play-turn))))

(defun play-text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun play-diagnostics ()
  (cl-remove-duplicates
   (cl-loop for one in (flymake-diagnostics)
            for found = (cdr (assoc 'eglot-lsp-diag (flymake--diag-data one)))
            when found collect (plist-get found :code))
   :test #'equal))

(defun play-find (code)
  (cl-find code (play-diagnostics) :test #'equal))

(defun play-codes ()
  (mapconcat #'identity (sort (play-diagnostics) #'string<) " "))

(defun play-choose (title &optional kind)
  "As a person does: read the titles that are offered, take TITLE."
  (let ((last-nonmenu-event 'key) offered)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items &rest _) (setq offered (mapcar #'car items)) title)))
      (eglot-code-actions (point) (point) kind t))
    (vconcat offered)))

(defun play ()
  (find-file "cart.py")
  (play-wait "findings were shown" (play-find "comparison-to-none"))
  (play-say "opened" :codes (play-codes))

  (search-forward "values == None")
  (goto-char (1+ (match-beginning 0)))
  (let (shown)
    (eglot-hover-eldoc-function (lambda (info &rest _) (setq shown info)))
    (play-wait "the hover was shown" shown)
    (play-say "hovered" :text (substring-no-properties shown)))

  (save-excursion (goto-char (point-max)) (insert "def half("))
  (play-wait "the half-typed line was marked" (play-find "syntax-error"))
  (play-say "typed" :codes (play-codes))
  (save-excursion (goto-char (point-max)) (delete-region (line-beginning-position) (point)))
  (play-wait "the mark was gone" (not (play-find "syntax-error")))

  (let ((offered (play-choose "Fix: Compare to None with `is`")))
    (play-wait "the quick fix was applied" (not (play-find "comparison-to-none")))
    (play-say "fixed" :offered offered :text (play-text) :codes (play-codes)))

  (play-choose nil "source.organizeImports.backendTeam")
  (play-wait "the imports were organised" (not (play-find "unused-import")))
  (play-say "organised" :text (play-text) :codes (play-codes))

  (play-turn)
  (backend-team-fix-workspace)
  (play-wait "the workspace was fixed" (string= (play-codes) ""))
  (play-say "everywhere" :text (play-text))
  (save-some-buffers t)

  (find-file "typed.py")
  (goto-char (point-min))
  (insert "import json\n")
  (goto-char (point-max))
  (insert "for name in totals.keys():\n    print(name)\n")
  (play-wait "what was typed was marked" (and (play-find "unused-import") (play-find "dict-keys-iteration")))
  (save-buffer)
  (play-say "saved" :text (play-text))

  (find-file "backend-team.toml")
  (play-wait "the settings file was marked" (play-find "invalid-settings"))
  (play-say "settings" :codes (play-codes))

  (let ((server (eglot-current-server)))
    (eglot-shutdown server)
    (play-wait "the client stopped" (not (jsonrpc-running-p server)))
    (play-say "stopped" :asked (vconcat play-asked))))

(cl-letf (((symbol-function 'y-or-n-p) (lambda (question) (push question play-asked) t)))
  (condition-case trouble
      (play)
    (error
     (play-say "trouble" :text (format "%S" trouble))
     (kill-emacs 1))))

;;; eglot.el ends here
