namespace Sealpost.Testing.Journal;

/// <summary>An install that is subscribed to every journalled event.</summary>
/// <param name="ClientId">As in the header <c>x-liveperson-client-id</c>.</param>
/// <param name="MaxRetries">By numbers: retries after a failure before the event may be dropped. Null: by time to live, strictly in order.</param>
public sealed record SubscribedInstall(string ClientId, int? MaxRetries = null);
