using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>A row of table <c>installs</c>, with the account's id.</summary>
internal sealed class InstallRow
{
    /// <summary>The columns under this type's names; from <c>installs i</c> and <c>accounts a</c>.</summary>
    public const string Columns =
        """
        i.number AS Number, a.id AS Account, client_id AS ClientId, manifest AS Manifest, secret AS Secret,
        previous_secret AS PreviousSecret, previous_until AS PreviousUntil, issued_at AS IssuedAt, i.revision AS Revision,
        enabled AS Enabled, disabled_reason AS DisabledReason
        """;

    public int Number { get; init; }

    public required string Account { get; init; }

    public required string ClientId { get; init; }

    public required byte[] Manifest { get; init; }

    public required byte[] Secret { get; init; }

    public byte[]? PreviousSecret { get; init; }

    public long? PreviousUntil { get; init; }

    public long IssuedAt { get; init; }

    public long Revision { get; init; }

    public bool Enabled { get; init; }

    public string? DisabledReason { get; init; }

    /// <summary>The purpose that an install's secrets are sealed for.</summary>
    public static SealedBox BoxOf(MasterKey key) => new(key, "client_secret");

    public static SealedFor Current(AccountId account, Guid clientId) => new(account, Text(clientId));

    // Its own record, so that nobody revives an old secret by copying one column to the other.
    public static SealedFor Previous(AccountId account, Guid clientId) => new(account, Text(clientId) + "/previous");

    public static string Text(Guid clientId) => clientId.ToString("D");

    public static long? Time(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public Install ToInstall(SealedBox box)
    {
        var account = AccountId.Parse(Account);
        var clientId = Guid.Parse(ClientId);
        return new Install
        {
            Number = Number,
            Account = account,
            ClientId = clientId,
            Manifest = ReadManifest(),
            Secrets = new ClientSecrets(
                box.Open(Secret, Current(account, clientId)),
                PreviousSecret is null ? null : box.Open(PreviousSecret, Previous(account, clientId)),
                PreviousUntil is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null),
            Revision = Revision,
            IssuedAt = DateTimeOffset.FromUnixTimeMilliseconds(IssuedAt),
            Enabled = Enabled,
            DisabledReason = DisabledReason,
        };
    }

    private Manifest ReadManifest()
    {
        var result = ManifestReader.Read(Manifest);
        return result.Manifest ?? throw new StoreException(
            StoreFault.Corrupt, $"the stored manifest of install {ClientId} in account {Account} is not valid: {result.Errors[0].Message}");
    }
}
