namespace Sealpost.Protocol.Installs;

/// <summary>A manifest that kept every rule, or what it breaks. Not a record: a record would print the secret.</summary>
public sealed class ManifestResult
{
    internal ManifestResult(Manifest manifest) => Manifest = manifest;

    internal ManifestResult(IReadOnlyList<ManifestError> errors) => Errors = errors;

    /// <summary>The manifest; null if, and only if, there are <see cref="Errors"/>.</summary>
    public Manifest? Manifest { get; }

    /// <summary>The rules it breaks, in the order of the manifest; the first <c>ManifestReader.MaxErrors</c> of them.</summary>
    public IReadOnlyList<ManifestError> Errors { get; } = [];

    /// <summary>The <c>client_id</c> as it was written, if it is a text. A manifest's own is ignored, but an administrator may move
    /// an app here with it (contract, HTTP): the caller decides and checks.</summary>
    public string? ClientId { get; internal init; }

    /// <summary>The <c>client_secret</c>, likewise.</summary>
    public string? ClientSecret { get; internal init; }
}
