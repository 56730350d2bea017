namespace Sealpost.Cli.Help;

/// <summary>What <c>--help</c> shows at its end, where a verb's options alone do not say how it is meant.</summary>
internal static class Examples
{
    private static readonly string[] Lines =
    [
        "sealpost serve --data /var/lib/sealpost",
        "sealpost serve --environment Development --http 0 --https 0",
        "sealpost accounts create acme",
        "sealpost tokens create --account acme --name platform --scope publish,read --token-out platform.token",
        "sealpost installs create --endpoint https://app.example/hook --event-type ms.MessagingEventNotification.ContentEvent --secret-out app.secret",
        "sealpost installs create manifest.json",
        "sealpost installs edit CLIENT_ID --endpoint https://app.example/new-hook",
        "sealpost installs rotate CLIENT_ID --overlap 3600 --secret-out app.secret",
        "sealpost installs show CLIENT_ID --secret-out app.secret",
        "sealpost publish event.json --conversation d-1",
        "sealpost publish day.ndjson --idempotency-key day-2026-01-31",
        "sealpost deliveries list --state dead --since 24h",
        "sealpost deliveries list --conversation d-1 --json",
        "sealpost deliveries replay dlv_1",
        "sealpost deliveries replay --client-id CLIENT_ID --state dead --since 24h --wait",
        "sealpost deliveries erase --conversation d-1",
        "sealpost why ntf_1",
        "sealpost why --conversation d-1",
        "sealpost tail --client-id CLIENT_ID",
        "sealpost audit --since 7d",
        "sealpost listen --secret-file app.secret --fail-rate 0.2 --delay 300ms",
        "sealpost sign body.json --secret-file app.secret",
        "sealpost verify body.json --secret-file app.secret --signature sha1=SIGNATURE",
        "sealpost oauth sign --key-file key.json POST https://gateway.example/mtls/account/acme",
        "sealpost oauth verify --key-file key.json --authorization 'OAuth …' POST https://gateway.example/mtls/account/acme",
        "sealpost keys create --name gateway --privilege MTLS_FORWARD --key-out key.json",
        "sealpost certificates upload client.p12 --name bank --password-file client.password",
        "sealpost certificates upload renewed.p12 --replace bank --password-file client.password",
        "sealpost certificates test client.p12 https://bank.example/hook --password-file client.password",
        "sealpost mappings create --name hook --url https://bank.example/hook --certificate bank",
        "sealpost domains show mtlsGateway",
        "sealpost backup sealpost.tar --data /var/lib/sealpost",
        "sealpost restore sealpost.tar --data /var/lib/sealpost",
        "sealpost doctor --data /var/lib/sealpost",
        "sealpost doctor --endpoint https://app.example/hook",
        "sealpost completion bash",
    ];

    /// <summary>All of them, as they are typed.</summary>
    public static IReadOnlyList<string> All => Lines;

    /// <summary>Those of the verb that these words call.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> path) => path.Count == 1
        ? []
        : [.. Lines.Where(line => line.StartsWith(string.Join(' ', path) + " ", StringComparison.Ordinal))];
}
