namespace Sealpost.Cli;

/// <summary>What the process answers (contract.md, command line).</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}
