using System.CommandLine;
using Sealpost.Vault;

namespace Sealpost.Cli.Verbs.Certificates;

/// <summary>Where a p12's password comes from: a file, or a person at the terminal; never the argument list, which other users can read.</summary>
internal sealed class PasswordOption
{
    private readonly Option<string?> _file = new("--password-file") { Description = "File with the p12's password [else it is asked for]", HelpName = "FILE" };
    private readonly Option<bool> _none = new("--no-password") { Description = "The p12 has none" };

    public IEnumerable<Option> All => [_file, _none];

    /// <exception cref="UsageException">Nobody says, and nobody can be asked.</exception>
    public Secret Read(ParseResult parse, Terminal terminal)
    {
        var (file, isNone) = (parse.GetValue(_file), parse.GetValue(_none));
        if (file is not null && isNone)
        {
            throw new UsageException("give --password-file or --no-password, not both.");
        }

        return isNone ? new Secret("")
            : file is not null ? SecretFile.Read(file)
            : terminal.AskSecret is { } ask ? new Secret(ask("Password of the p12: "))
            : throw new UsageException("give the p12's password with --password-file FILE (or --no-password); on a terminal it is asked for.");
    }
}
