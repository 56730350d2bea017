using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sealpost.Hosting.Settings;

/// <summary>
/// Reads the settings: the defaults of the environment, then <c>sealpost.json</c>, then environment variables
/// <c>SEALPOST_&lt;Section&gt;__&lt;Name&gt;</c>, then flags (contract.md). Names are taken in any case. Pure.
/// </summary>
public static class SettingsReader
{
    /// <summary>The variable that replaces the administrator's token.</summary>
    public const string AdminTokenVariable = "SEALPOST_ADMIN_TOKEN";

    /// <summary>The variable that holds the master key instead of its file.</summary>
    public const string MasterKeyVariable = "SEALPOST_MASTER_KEY";

    /// <summary>The variable that holds the master key to change to, where the present one comes from a variable too.</summary>
    public const string NextMasterKeyVariable = "SEALPOST_MASTER_KEY_NEXT";

    private const string Prefix = "SEALPOST_";

    // What the command line takes from the environment; not settings of the service.
    private static readonly HashSet<string> NotSettings = new(StringComparer.Ordinal)
    {
        "SEALPOST_SERVER", "SEALPOST_TOKEN", "SEALPOST_ACCOUNT", AdminTokenVariable, MasterKeyVariable, NextMasterKeyVariable,
    };

    /// <summary>False with one line that names the key, where it stands, and its rule.</summary>
    /// <param name="json">The text of <c>sealpost.json</c>; null when there is no such file.</param>
    /// <param name="environment">All environment variables; those that do not start with <c>SEALPOST_</c> are not looked at.</param>
    /// <param name="flags">The flags of <c>serve</c>.</param>
    /// <param name="settings">The settings, checked.</param>
    /// <param name="error">What is wrong with the first wrong one.</param>
    public static bool TryRead(
        string? json,
        IReadOnlyDictionary<string, string> environment,
        ServeFlags flags,
        [NotNullWhen(true)] out SealpostSettings? settings,
        [NotNullWhen(false)] out string? error)
    {
        settings = null;
        List<SettingValue>? fromFile = [];
        if (json is not null && !SettingsFile.TryFlatten(json, out fromFile, out error))
        {
            return false;
        }

        if (!TryDefaults(flags, out var result, out error)
            || !TryApply(fromFile.Concat(FromEnvironment(environment)), ref result, out error)
            || !TryApply(flags, ref result, out error))
        {
            return false;
        }

        error = SettingsRules.FirstBroken(result);
        settings = error is null ? result : null;
        return error is null;
    }

    private static bool TryDefaults(ServeFlags flags, [NotNullWhen(true)] out SealpostSettings? defaults, [NotNullWhen(false)] out string? error)
    {
        var known = flags.Environment is null or "Production" or "Development";
        defaults = known ? SealpostSettings.DefaultsFor(development: flags.Environment == "Development") : null;
        error = known ? null : "--environment: must be Production or Development";
        return known;
    }

    private static IEnumerable<SettingValue> FromEnvironment(IReadOnlyDictionary<string, string> environment) => environment
        .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !NotSettings.Contains(variable.Key))
        .OrderBy(variable => variable.Key, StringComparer.Ordinal)
        .Select(variable => new SettingValue(
            variable.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal),
            variable.Key,
            variable.Value,
            variable.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));

    private static bool TryApply(IEnumerable<SettingValue> values, ref SealpostSettings settings, [NotNullWhen(false)] out string? error)
    {
        foreach (var given in values)
        {
            if (KnownSettings.Find(given.Key) is not { } setting)
            {
                error = $"{given.Key} ({given.Source}): there is no such setting";
                return false;
            }

            if (setting.Apply(settings, given) is not { } changed)
            {
                error = $"{setting.Key} ({given.Source}): must be {setting.Rule}";
                return false;
            }

            settings = changed;
        }

        error = null;
        return true;
    }

    private static bool TryApply(ServeFlags flags, ref SealpostSettings settings, [NotNullWhen(false)] out string? error)
    {
        var bind = settings.Server.Bind;
        error = flags switch
        {
            { Http: < 0 or > 65535 } => "--http: must be a port from 0 to 65535",
            { Https: < 0 or > 65535 } => "--https: must be a port from 0 to 65535",
            { Bind: { } text } when !IPAddress.TryParse(text, out bind!) => "--bind: must be an IP address",
            _ => null,
        };
        settings = settings with
        {
            Server = settings.Server with
            {
                Bind = bind,
                HttpPort = flags.Http ?? settings.Server.HttpPort,
                HttpsPort = flags.Https ?? settings.Server.HttpsPort,
            },
            Egress = settings.Egress with { TrustedRoots = [.. settings.Egress.TrustedRoots, .. flags.Trust] },
        };
        return error is null;
    }
}
