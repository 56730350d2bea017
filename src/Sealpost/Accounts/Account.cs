namespace Sealpost.Accounts;

/// <summary>One account of the platform.</summary>
/// <param name="Id">Its name in URLs and headers.</param>
/// <param name="Number">The store's own key; never reused, not even when an account of the same id is made again.</param>
/// <param name="CreatedAt">When it was first written to.</param>
public sealed record Account(AccountId Id, int Number, DateTimeOffset CreatedAt);
