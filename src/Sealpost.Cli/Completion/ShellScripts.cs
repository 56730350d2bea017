namespace Sealpost.Cli.Completion;

/// <summary>
/// The scripts of <c>completion</c>. Each hands what was typed after the program's name, up to the cursor, to the directive
/// <c>[suggest]</c> of that very program, and offers the lines of its answer; where there are none, files.
/// </summary>
internal static class ShellScripts
{
    private const string Bash = """
        # For this shell: source <(sealpost completion bash). For all: put this line into ~/.bashrc.
        _sealpost() {
          local line=${COMP_LINE:0:COMP_POINT}
          line=${line#*"${COMP_WORDS[0]}"}
          COMPREPLY=()
          while IFS= read -r; do
            COMPREPLY+=("$REPLY")
          done < <("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)
        }
        complete -o default -F _sealpost sealpost

        """;

    private const string Zsh = """
        #compdef sealpost
        # For this shell: source <(sealpost completion zsh). For all: write it to a file _sealpost in a folder of $fpath.
        _sealpost() {
          local line=" ${(j: :)words[2,CURRENT-1]}"
          (( CURRENT > 2 )) && line+=' '
          line+=$PREFIX
          local -a offered=("${(@f)$("${${(Q)words[1]}/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)}")
          offered=(${offered:#})
          compset -P '--*='
          if (( ${#offered} )); then compadd -a offered; else _files; fi
        }
        if [[ ${funcstack[1]-} == _sealpost ]]; then _sealpost "$@"; else compdef _sealpost sealpost; fi

        """;

    private const string Fish = """
        # For this shell: sealpost completion fish | source. For all: write it to ~/.config/fish/completions/sealpost.fish.
        function __sealpost_complete
            set -l line (commandline --cut-at-cursor --current-process | string replace --regex '^\s*\S+' '')
            set -l offered (sealpost "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null </dev/null)
            if test (count $offered) -gt 0
                printf '%s\n' $offered
            else
                __fish_complete_path (commandline --current-token)
            end
        end
        complete --command sealpost --no-files --arguments '(__sealpost_complete)'

        """;

    private const string PowerShell = """
        # For this shell: sealpost completion powershell | Out-String | Invoke-Expression. For all: put this line into $PROFILE.
        Register-ArgumentCompleter -Native -CommandName sealpost -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $length = [Math]::Max(0, $cursorPosition - $commandAst.Extent.StartOffset)
            $line = $commandAst.ToString().PadRight($length).Substring(0, $length) -replace '^\s*\S+', ''
            & sealpost "[suggest:$($line.Length)]" "$line" 2>$null |
                Where-Object { $_.StartsWith($wordToComplete) } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    private static readonly Dictionary<string, string> ByShell = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    public static IReadOnlyCollection<string> Shells => ByShell.Keys;

    public static string Of(string shell) => ByShell[shell];
}
