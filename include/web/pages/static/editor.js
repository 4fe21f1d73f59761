// The SQL editor: CodeMirror in place of the textarea, which stays the form's field, and which is there without us.
import { autocompletion, closeBrackets, closeBracketsKeymap, completeFromList, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, schemaCompletionSource } from "@codemirror/lang-sql";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Of the page's own colours, so that it follows the theme.
const theme = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "14px" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--raised) 55%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selected)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "0 6px 24px #0003" },
  ".cm-tooltip.cm-completionInfo": { padding: ".5rem .75rem", maxWidth: "22rem", fontSize: "13px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "#fff" },
  ".cm-completionDetail": { color: "inherit", opacity: ".75" },
});
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--plum)" },
]);

const area = document.querySelector("textarea[data-sql]");
// { views: { name: { info, columns } }, functions: [name] }
const schema = JSON.parse(document.getElementById("schema-data").textContent);

// A parameter is proposed after a colon that is none of a cast's.
const parameters = (context) => {
  const typed = context.matchBefore(/(?<!:):\w*/);
  if (!typed) return null;
  const inputs = [...document.querySelectorAll("input[name=parameter_name]")];
  const options = inputs.map((input) => input.value.trim()).filter((name) => name !== "")
    .map((name) => ({ label: `:${name}`, type: "variable" }));
  return { from: typed.from, options };
};

const viewNames = Object.fromEntries(Object.entries(schema.views).map(([name, view]) => [
  name, { self: { label: name, type: "class", detail: "view", info: view.info || undefined }, children: view.columns },
]));
// PostgreSQL's own list is every word of the SQL standard; these are those that questions are made of.
const words = "SELECT DISTINCT FROM WHERE GROUP BY ORDER HAVING LIMIT WITH AS JOIN LEFT RIGHT FULL CROSS LATERAL ON USING UNION ALL EXCEPT INTERSECT AND OR NOT IN IS NULL LIKE ILIKE BETWEEN EXISTS CASE WHEN THEN ELSE END OVER PARTITION WINDOW ROWS FILTER DESC ASC NULLS FIRST LAST INTERVAL DATE TRUE FALSE VALUES GROUPING SETS ROLLUP CUBE WITHIN";
const keywords = completeFromList([
  ...words.split(" ").map((label) => ({ label, type: "keyword" })),
  ...schema.functions.map((label) => ({ label, type: "function", detail: "function", boost: -1 })),
]);
const proposals = [parameters, schemaCompletionSource({ dialect: PostgreSQL, schema: viewNames }), keywords];

// Columns of the views that the statement names are proposed without the view in front.
const columns = (context) => {
  const word = context.matchBefore(/\w+/);
  if (!word && !context.explicit) return null;
  const text = context.state.doc.toString().toLowerCase();
  const named = Object.keys(schema.views).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const options = named.flatMap((name) => schema.views[name].columns.map((column) => (
    { ...column, detail: `${column.detail} · ${name}`, boost: 1 }
  )));
  return { from: word ? word.from : context.pos, options, validFor: /^\w*$/ };
};

const holder = document.createElement("div");
holder.className = "sql-editor";
area.after(holder);
area.hidden = true;

const described = area.getAttribute("aria-describedby") ?? "";
const view = new EditorView({
  parent: holder,
  doc: area.value,
  extensions: [
    EditorView.cspNonce.of(document.querySelector("meta[name=csp-nonce]").content),
    lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
    lintGutter(), theme, syntaxHighlighting(colours), PostgreSQL.language, autocompletion({ override: [...proposals, columns] }),
    // Tab is left to the page: whoever has only a keyboard must get out again.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-labelledby": "sql-label", "aria-describedby": described, id: "sql-content" }),
    EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
  ],
});
document.getElementById("sql-label").addEventListener("click", () => view.focus());
if (location.hash === "#sql") view.focus();

const offset = (line, column) => {
  const { doc } = view.state;
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  // We count characters, the editor counts UTF-16 units.
  const units = [...at.text].slice(0, column - 1).join("").length;
  return Math.min(at.from + units, at.to);
};

const mark = () => {
  const problems = JSON.parse(document.getElementById("trial").dataset.problems || "[]").filter((problem) => problem.line);
  const diagnostics = problems.map((problem) => {
    const from = offset(problem.line, problem.column);
    const word = view.state.wordAt(from);
    return { from, to: word ? word.to : Math.min(from + 1, view.state.doc.length), severity: "error", message: problem.message };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
};
mark();
document.addEventListener("htmx:after:settle", mark);

const goTo = (line, column) => {
  const at = offset(line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
};

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (place) goTo(Number(place.dataset.line), Number(place.dataset.column));
  const name = event.target.closest("[data-insert]");
  if (name) {
    view.dispatch(view.state.replaceSelection(name.dataset.insert));
    view.focus();
  }
  // The error summary leads to the field: the textarea is hidden behind us.
  if (event.target.closest('a[href="#sql"]')) {
    event.preventDefault();
    const first = JSON.parse(document.getElementById("trial").dataset.problems || "[]")[0];
    if (first?.line) goTo(first.line, first.column);
    else view.focus();
  }
});
