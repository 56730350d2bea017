namespace Sealpost.Testing.Processes;

/// <summary>An app to be installed (protocol 2).</summary>
/// <param name="Name">Its <c>client_name</c>.</param>
/// <param name="Endpoint">Where its events go.</param>
/// <param name="EventType">The event type it is subscribed to.</param>
public sealed record NewInstall(string Name, Uri Endpoint, string EventType)
{
    public string ClientId { get; init; } = Guid.NewGuid().ToString();

    public string ClientSecret { get; init; } = Convert.ToHexString(Guid.NewGuid().ToByteArray());

    public bool Enabled { get; init; } = true;

    /// <summary>By time to live; null: by numbers.</summary>
    public TimeSpan? RetentionTime { get; init; }

    /// <summary>0 to 5; null: not written.</summary>
    public int? MaxRetries { get; init; }
}
