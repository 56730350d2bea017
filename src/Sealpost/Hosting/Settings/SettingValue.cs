namespace Sealpost.Hosting.Settings;

/// <summary>One setting as it was written, before its rule is known.</summary>
/// <param name="Key">Its name, the sections joined by <c>:</c>.</param>
/// <param name="Source">Where it stands, for the message about it.</param>
/// <param name="Text">The value; null where a list was written.</param>
/// <param name="Items">The values of a list; in the environment also the value split at its commas.</param>
internal sealed record SettingValue(string Key, string Source, string? Text, IReadOnlyList<string>? Items);
