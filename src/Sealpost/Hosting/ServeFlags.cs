namespace Sealpost.Hosting;

/// <summary>The flags of <c>sealpost serve</c> as they were typed (contract.md); null or empty where a flag is absent.</summary>
/// <param name="Data">Data directory; default <c>data</c>.</param>
/// <param name="Http">Port for HTTP; default 8080, 0 takes a free one.</param>
/// <param name="Https">Port for HTTPS; default 8443, 0 takes a free one.</param>
/// <param name="Bind">Address to listen on; default 127.0.0.1.</param>
/// <param name="Trust">PEM files with roots that endpoints may chain to, besides the system's.</param>
/// <param name="Environment"><c>Production</c> (default) or <c>Development</c>.</param>
public sealed record ServeFlags(string? Data, int? Http, int? Https, string? Bind, IReadOnlyList<string> Trust, string? Environment);
