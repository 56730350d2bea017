namespace Sealpost.Deliveries.Live;

/// <summary>What a reader wants to see of its account.</summary>
/// <param name="ClientId">Events about this install alone; null: all.</param>
/// <param name="Conversation">Attempts of this conversation alone; null: all.</param>
internal readonly record struct LiveFilter(Guid? ClientId = null, string? Conversation = null)
{
    /// <summary>A gap is always shown.</summary>
    public bool Passes(LiveEvent live) =>
        live is GapEvent || ((ClientId is null || ClientId == live.About) && (Conversation is null || Conversation == live.OfConversation));
}
