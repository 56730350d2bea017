using System.Text.Json;

namespace Sealpost.Vault.HashiCorp;

/// <summary>
/// Keeps key material in a KV version 2 engine of a HashiCorp Vault or OpenBao, at <c>sealpost/{account}/{record}/{version}</c>. Each
/// version has a path of its own and is written once, with check-and-set 0, so that a write can be repeated and never lands on another.
/// </summary>
internal sealed class HashiCorpVault(VaultCalls calls, VaultTransport transport, string mount) : IVault
{
    private const string Folder = "sealpost";

    // Nothing is ever kept there.
    private const string ProbePath = Folder + "/probe";

    // Segments are encoded, the slashes between them are not: %2F is a 404 (hashicorp/vault #31721).
    private readonly string _mount = string.Join('/', mount.Split('/').Select(Uri.EscapeDataString));

    public async Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation)
    {
        var (reply, noToken) = await calls.SendAsync(new VaultCall(HttpMethod.Post, PathOf("data", place), Body(material)), cancellation);
        var answer = noToken ?? KvAnswers.OfWrite(reply, place.Path);
        if (answer.Verdict != VaultVerdict.Conflict)
        {
            return answer;
        }

        // The first try may have been carried out though its answer was lost.
        var present = await FetchAsync(place, cancellation);
        return present.IsFetched && present.Material.Equals(material) ? VaultAnswer.Done : answer;
    }

    public async Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation)
    {
        var (reply, noToken) = await calls.SendAsync(new VaultCall(HttpMethod.Get, PathOf("data", place)), cancellation);
        return noToken ?? KvAnswers.OfRead(reply, place.Path);
    }

    /// <summary>Wipes all versions of the path: a soft deletion would leave the key there.</summary>
    public async Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation)
    {
        var (reply, noToken) = await calls.SendAsync(new VaultCall(HttpMethod.Delete, PathOf("metadata", place)), cancellation);
        return noToken ?? KvAnswers.OfWrite(reply, place.Path) switch
        {
            { Verdict: VaultVerdict.Absent } => VaultAnswer.Done,
            var answer => answer,
        };
    }

    /// <summary>Whether the vault would do its work: (1) the server is well, (2) a read of ours finds token, policy and mount in order.</summary>
    public async Task<VaultAnswer> ProbeAsync(CancellationToken cancellation)
    {
        var health = KvAnswers.OfHealth(
            await transport.SendAsync(new VaultCall(HttpMethod.Get, "sys/health?standbyok=true&perfstandbyok=true"), token: null, cancellation));
        if (health.IsOutage)
        {
            return health;
        }

        var (reply, noToken) = await calls.SendAsync(new VaultCall(HttpMethod.Get, $"{_mount}/data/{ProbePath}"), cancellation);
        var read = noToken ?? KvAnswers.OfRead(reply, ProbePath);
        return read.IsOutage ? read : VaultAnswer.Done;
    }

    private string PathOf(string kind, VaultPlace place) => $"{_mount}/{kind}/{Folder}/{place.Path}";

    private static byte[] Body(KeyMaterial material) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        options = new { cas = 0 },
        data = new Dictionary<string, string>
        {
            [KvAnswers.CertificateField] = KeyMaterialPem.Certificate(material),
            [KvAnswers.ChainField] = KeyMaterialPem.Chain(material),
            [KvAnswers.KeyField] = KeyMaterialPem.PrivateKey(material),
        },
    });
}
