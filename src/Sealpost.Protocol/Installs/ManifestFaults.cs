namespace Sealpost.Protocol.Installs;

/// <summary>Gathers what a manifest breaks while it is read.</summary>
internal sealed class ManifestFaults
{
    private readonly List<ManifestError> _errors = [];

    public bool IsEmpty => _errors.Count == 0;

    public IReadOnlyList<ManifestError> All => _errors;

    /// <param name="member">The member's path.</param>
    /// <param name="rule">The rule's stable name.</param>
    /// <param name="words">The rest of the sentence that the member's path starts, such as "must be an object".</param>
    public void Add(string member, string rule, string words)
    {
        if (_errors.Count < ManifestReader.MaxErrors)
            _errors.Add(new ManifestError(member, rule, $"{(member.Length == 0 ? "The manifest" : member)} {words}."));
    }
}
