namespace Sealpost.Hosting.OpenApi;

/// <summary>How the page of the calls looks: with the system's own letters, light or dark as its reader has it.</summary>
internal static class DocsStyle
{
    public static ServedFile File { get; } = new(
        """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: light-dark(#0645ad, #8ab4f8); }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
        nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); box-sizing: border-box; font-size: 13px; }
        nav ul { list-style: none; padding: 0; margin: 0 0 1rem; }
        main { padding: 1rem 2rem 4rem; max-width: 60rem; }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        code, pre { font: 13px/1.45 ui-monospace, monospace; }
        code { overflow-wrap: anywhere; }
        pre { background: var(--soft); padding: .7rem; overflow: auto; border-radius: 4px; }
        section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
        h3 { margin: .5rem 0; font-size: 16px; }
        h4 { margin: 1rem 0 .3rem; font-size: 14px; }
        .method { font-weight: 700; display: inline-block; min-width: 4.2em; }
        table { border-collapse: collapse; width: 100%; }
        td, th { border-bottom: 1px solid var(--line); padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
        td:first-child code { white-space: nowrap; }
        ul { margin: .2rem 0; padding-left: 1.2rem; }
        @media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1rem; } }

        """u8.ToArray(),
        "text/css; charset=utf-8");
}
