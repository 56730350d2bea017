namespace Sealpost.Protocol.Installs;

/// <summary>One rule that a manifest breaks.</summary>
/// <param name="Member">Path of the member, such as <c>capabilities.webhooks.ms.X.endpoint</c>.</param>
/// <param name="Rule">The rule's stable name, such as <c>https</c> or <c>max_length</c>.</param>
/// <param name="Message">One sentence that names the member, the rule and the value's fault.</param>
public sealed record ManifestError(string Member, string Rule, string Message);
