using Sealpost.Vault;

namespace Sealpost.Installs;

/// <summary>
/// An install's secrets. After a rotation the previous one signs until the overlap ends (protocol 2), so that a receiver
/// can learn the new one first.
/// </summary>
/// <param name="Current">The secret that GET and rotate-secret show.</param>
/// <param name="Previous">The one before the last rotation, while its overlap lasts.</param>
/// <param name="PreviousUntil">When <paramref name="Previous"/> stops signing.</param>
public sealed record ClientSecrets(Secret Current, Secret? Previous = null, DateTimeOffset? PreviousUntil = null)
{
    /// <summary>The secret that signs a request made at <paramref name="now"/>.</summary>
    public Secret SigningAt(DateTimeOffset now) => Previous is not null && now < PreviousUntil ? Previous : Current;
}
