using System.Text.Json;
using Sealpost.Accounts;

namespace Sealpost.Deliveries.Live;

/// <summary>One event of the live stream.</summary>
internal abstract record LiveEvent
{
    /// <summary>Counts up over the process's life, and from one process to the next. Given when it is published.</summary>
    public long Id { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>The event's name in the stream.</summary>
    public abstract string Name { get; }

    /// <summary>The install that it is about; null: no one, or not known.</summary>
    public virtual Guid? About => null;

    /// <summary>The conversation that it is about; null: no one.</summary>
    public virtual string? OfConversation => null;

    /// <summary>Writes what follows <c>data:</c>; members that have nothing to say are left out.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
