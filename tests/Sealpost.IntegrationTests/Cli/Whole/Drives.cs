using Sealpost.Protocol.Signing;

namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>Every verb, by the words that call it.</summary>
internal static class Drives
{
    private const string Nobody = "nobody";

    private static readonly string[] Unreachable = ["--server", "http://127.0.0.1:1"];

    public static readonly IReadOnlyDictionary<string, Drive> ByVerb = new Dictionary<string, Drive>(StringComparer.Ordinal)
    {
        ["serve"] = new("--http", "65536") { Elsewhere = nameof(LongRunningTests.Serve_is_ready_and_ends_with_0_when_it_is_told_to) },
        ["demo"] = new("fast") { Elsewhere = nameof(ExecutableTests.The_demo_ends_by_itself_with_everything_in_order) },
        ["listen"] = new("--client-ca", "/nowhere/ca.pem") { Elsewhere = nameof(ListenTests.It_takes_what_is_signed_and_refuses_what_is_not) },
        ["tail"] = new(Unreachable) { Elsewhere = nameof(LongRunningTests.Tail_shows_what_happens_in_a_running_service) },
        ["completion"] = new("tcsh") { Elsewhere = nameof(CompletionTests.A_shell_completes_verbs_options_and_values) },

        ["accounts list"] = new(Unreachable) { Good = Nothing },
        ["accounts create"] = new("a/b") { Good = scene => Task.FromResult<string[]>([scene.Account]) },
        ["accounts show"] = new(Nobody) { Good = async scene => [await scene.MadeAccountAsync()] },
        ["accounts delete"] = new("a b") { Good = async scene => [await scene.MadeAccountAsync()] },

        ["tokens list"] = new("--account", Nobody) { Good = AccountAsync },
        ["tokens create"] = new("--name", "x", "--scope", "everything") { Good = scene => Task.FromResult<string[]>(["--name", "x", "--token-out", scene.File("token")]) },
        ["tokens revoke"] = new("tok_1") { Good = async scene => [(await scene.DoneAsync("tokens", "create", "--name", "x")).GetProperty("id").GetString()!] },

        ["installs list"] = new("--token-file", "/nowhere/token") { Good = AccountAsync },
        ["installs create"] = new("--endpoint", "http://plain.example/", "--event-type", "x") { Good = scene => Task.FromResult<string[]>(["--endpoint", scene.Endpoint, "--event-type", "x"]) },
        ["installs show"] = new(Nobody) { Good = async scene => [await scene.InstallAsync()] },
        ["installs edit"] = new(Nobody, "--name", "new") { Good = async scene => [await scene.InstallAsync(), "--name", "new"] },
        ["installs enable"] = new(Nobody) { Good = async scene => [await scene.InstallAsync()] },
        ["installs disable"] = new(Nobody) { Good = async scene => [await scene.InstallAsync()] },
        ["installs rotate"] = new(Nobody) { Good = async scene => [await scene.InstallAsync(), "--overlap", "60"] },
        ["installs test"] = new(Nobody) { Good = async scene => [await scene.InstallAsync()] },
        ["installs delete"] = new(Nobody) { Good = async scene => [await scene.InstallAsync()] },

        ["publish"] = new("/nowhere/event.json") { Good = scene => Task.FromResult<string[]>([scene.Written("event.json", """{"type":"x"}"""), "--conversation", "talk"]) },

        ["deliveries list"] = new("--state", "lost") { Good = async scene => ["--conversation", "talk", "--notification", await NotificationAsync(scene)] },
        ["deliveries show"] = new("dlv_1") { Good = async scene => [(await scene.DeliveredAsync()).Delivery] },
        ["deliveries drop"] = new("dlv_1") { Good = async scene => [await scene.PendingAsync()] },
        ["deliveries replay"] = new("--state", "all") { Good = async scene => ["--client-id", (await scene.DeliveredAsync()).Install, "--since", "1h", "--state", "all", "--wait"] },
        ["deliveries erase"] = new("--conversation", "talk") { Good = async scene => ["--conversation", "talk", "--yes", .. await WithAsync(scene.DeliveredAsync())] },
        ["why"] = new("ntf_1", "--conversation", "talk") { Good = async scene => [await NotificationAsync(scene)] },
        ["replays list"] = new("--account", Nobody) { Good = async scene => [.. await WithAsync(scene.ReplayAsync())] },
        ["replays show"] = new("job_1") { Good = async scene => [await scene.ReplayAsync()] },
        ["replays cancel"] = new("job_1") { Good = async scene => [await scene.ReplayAsync()] },
        ["audit"] = new("--limit", "0") { Good = AccountAsync },

        ["keys list"] = new("--account", Nobody) { Good = AccountAsync },
        ["keys create"] = new("--name", "x", "--privilege", "EVERYTHING") { Good = scene => Task.FromResult<string[]>(["--name", "x", "--key-out", scene.File("key.json")]) },
        ["keys delete"] = new("spkey_1") { Good = async scene => [(await scene.DoneAsync("keys", "create", "--name", "x")).GetProperty("consumer_key").GetString()!] },

        ["certificates list"] = new("--account", "a/b") { Good = AccountAsync },
        ["certificates upload"] = new("/nowhere/client.p12", "--name", "x", "--no-password")
        {
            Good = scene => Task.FromResult<string[]>([scene.P12(), "--name", "bank", "--password-file", scene.P12Password()]),
        },
        ["certificates test"] = new("/nowhere/client.p12", "https://bank.example/", "--no-password")
        {
            Good = async scene => [scene.P12(), scene.Endpoint, "--password-file", scene.P12Password(), .. await WithAsync(scene.MadeAccountAsync())],
        },
        ["certificates delete"] = new(Nobody) { Good = async scene => [await scene.CertificateAsync()] },

        ["mappings list"] = new(Unreachable) { Good = async scene => [.. await WithAsync(scene.MappingAsync())] },
        ["mappings create"] = new("--name", "hook", "--url", "https://bank.example/", "--certificate", Nobody)
        {
            Good = async scene => ["--name", "hook", "--url", "https://bank.example/", "--certificate", await scene.CertificateAsync()],
        },
        ["mappings enable"] = new(Nobody) { Good = async scene => [await scene.MappingAsync()] },
        ["mappings disable"] = new(Nobody) { Good = async scene => [await scene.MappingAsync()] },
        ["mappings delete"] = new(Nobody) { Good = async scene => [await scene.MappingAsync()] },

        ["domains list"] = new(Unreachable) { Good = AccountAsync },
        ["domains show"] = new("MTLSGATEWAY") { Good = async scene => ["mtlsGateway", .. await AccountAsync(scene)] },

        ["sign"] = new("/nowhere/body", "--secret-file", "/nowhere/secret") { Good = scene => Task.FromResult(Signing(scene)) },
        ["verify"] = new("/nowhere/body", "--secret-file", "/nowhere/secret", "--signature", "x")
        {
            Good = scene => Task.FromResult<string[]>([.. Signing(scene), "--signature", NotificationSignature.Sign(default, "s3cret"u8, "hello"u8)]),
        },
        ["oauth sign"] = new("--key-file", "/nowhere/key.json", "POST", "https://h/") { Good = async scene => ["--key-file", await scene.KeyFileAsync(), "POST", "https://h/"] },
        ["oauth verify"] = new("--key-file", "/nowhere/key.json", "--authorization", "x", "POST", "https://h/") { Good = OAuthAsync },

        ["doctor"] = new("--server", "ftp://h") { Good = scene => Task.FromResult<string[]>(["--data", scene.Service.Data]) },
        ["backup"] = new("/nowhere/backup", "--data", "/nowhere") { Good = scene => Task.FromResult<string[]>([scene.File("backup"), "--data", scene.Service.Data]) },
        ["restore"] = new("/nowhere/backup", "--data", "/nowhere")
        {
            Good = async scene =>
            {
                await scene.DoneAsync("backup", scene.File("backup"), "--data", scene.Service.Data);
                return [scene.File("backup"), "--data", scene.File("restored")];
            },
        },
    };

    private static Task<string[]> Nothing(VerbScene scene) => Task.FromResult<string[]>([]);

    private static Task<string[]> AccountAsync(VerbScene scene) => WithAsync(scene.MadeAccountAsync());

    // What has to be there, and is not named.
    private static async Task<string[]> WithAsync(Task made)
    {
        await made;
        return [];
    }

    private static async Task<string> NotificationAsync(VerbScene scene)
    {
        await scene.InstallAsync();
        return await scene.Service.PublishAsync(scene.Account, "talk");
    }

    private static string[] Signing(VerbScene scene) => [scene.Written("body", "hello"), "--secret-file", scene.Written("secret", "s3cret")];

    private static async Task<string[]> OAuthAsync(VerbScene scene)
    {
        var file = await scene.KeyFileAsync();
        var signed = await scene.DoneAsync("oauth", "sign", "--key-file", file, "POST", "https://h/");
        return ["--key-file", file, "--authorization", signed.GetProperty("authorization").GetString()!, "POST", "https://h/"];
    }
}
