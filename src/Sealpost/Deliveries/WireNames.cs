using System.Text.Json;

namespace Sealpost.Deliveries;

/// <summary>The kinds of an enum as they are written outside: in snake_case.</summary>
internal static class WireNames
{
    public static string ToWire<TKind>(this TKind kind)
        where TKind : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
