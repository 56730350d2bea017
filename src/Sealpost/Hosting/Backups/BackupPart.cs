using System.Text.RegularExpressions;

namespace Sealpost.Hosting.Backups;

/// <summary>One file in a backup.</summary>
/// <param name="Name">Its place in the data directory, such as <c>attempts/2026-11-28.db</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, in small hexadecimal digits.</param>
public sealed partial record BackupPart(string Name, long Bytes, string Sha256)
{
    internal const string Database = "sealpost.db";

    internal const string Attempts = "attempts";

    internal const string Tls = "tls";

    /// <summary>What opens what is sealed, and who may come in: parts with <c>--with-keys</c> alone.</summary>
    internal static readonly string[] KeyFiles = ["master.key", "master.key.next", "master.key.previous", "admin-token"];

    /// <summary>Whether a backup may have such a part: nothing that it names lies outside the data directory.</summary>
    internal bool IsKnown => KnownName().IsMatch(Name);

    [GeneratedRegex(@"\A(sealpost\.db|attempts/\d{4}-\d{2}-\d{2}\.db|master\.key(\.next|\.previous)?|admin-token|tls/[A-Za-z0-9_-][A-Za-z0-9_.-]*)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KnownName();
}
