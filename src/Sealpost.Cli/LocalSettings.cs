using System.Diagnostics.CodeAnalysis;
using Sealpost.Hosting;
using Sealpost.Hosting.Settings;

namespace Sealpost.Cli;

/// <summary>The settings of the service on this machine, as far as they stand in its file and in this process's environment.</summary>
internal static class LocalSettings
{
    /// <summary>False with one line on what is wrong with them; the service does not start on them either.</summary>
    public static bool TryRead(string data, Terminal terminal, [NotNullWhen(true)] out SealpostSettings? settings, [NotNullWhen(false)] out string? error)
    {
        var file = Path.Combine(data, "sealpost.json");
        var flags = new ServeFlags(data, Http: null, Https: null, Bind: null, Trust: [], Environment: null);
        try
        {
            return SettingsReader.TryRead(File.Exists(file) ? File.ReadAllText(file) : null, terminal.Variables, flags, out settings, out error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (settings, error) = (null, $"{file}: {e.Message}");
            return false;
        }
    }
}
