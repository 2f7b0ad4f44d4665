/** The style sheet of the pages that the gateway serves itself: light and dark, readable on a phone, no fonts to load. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5c6570; --line: #dfe3e8; --paper: #ffffff; --card: #f6f8fa;
  --accent: #0b57d0; --get: #0a7d4f; --post: #0b57d0; --delete: #b3261e; --code: #f0f2f5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b1; --line: #2c333c; --paper: #11151a; --card: #181e25;
  --accent: #8ab4f8; --get: #4cc38a; --post: #8ab4f8; --delete: #f2857c; --code: #1d242c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--code); padding: .1em .35em; border-radius: 4px; }
pre { background: var(--code); padding: .8em 1em; border-radius: 8px; overflow-x: auto; } pre code { padding: 0; }
.layout { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 76rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: .9rem; }
nav h2 { font-size: .78rem; margin: 1.2rem 0 .3rem; color: var(--soft); text-transform: uppercase; letter-spacing: .05em; }
nav ul { list-style: none; margin: 0; padding: 0; } nav li { margin: .12rem 0; overflow-wrap: anywhere; }
main { padding: 1.5rem 2rem 5rem; } h1 { margin-top: 0; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.2rem; margin: 1.2rem 0; }
article h3 { margin: 0 0 .4rem; font-size: 1rem; overflow-wrap: anywhere; } article h4 { margin: 1rem 0 .3rem; font-size: .85rem; color: var(--soft); }
.method { display: inline-block; min-width: 4.2em; font: 700 .8rem ui-monospace, monospace; color: var(--get); }
.method.post { color: var(--post); } .method.delete { color: var(--delete); }
.soft { color: var(--soft); } .required { color: var(--delete); font-size: .8em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } summary { cursor: pointer; }
.state { font-size: 1.4rem; font-weight: 700; } .operational { color: var(--get); } .degraded, .down { color: var(--delete); }
.narrow { max-width: 44rem; margin: 0 auto; }
@media (max-width: 52rem) { .layout { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1.2rem; } }
`.trimStart();
