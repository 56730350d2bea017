using Sealpost.Hosting;

namespace Sealpost.Tests.Architecture;

/// <summary>Who may see whom (design: one notification's way). A room sees those below it; nothing points back.</summary>
public sealed class RoomTests
{
    /// <summary>From the door to the ground. A sub-namespace belongs to its room, save the SQLite store: it serves the rooms above the ground.</summary>
    private static readonly string[] FromTheDoor =
    [
        "Hosting", "Storage.Sqlite", "Operations", "Deliveries", "Publishing", "Mailrooms", "Outboxes", "Dispatch", "Telemetry", "Retry", "Health", "Mtls", "Sending",
        "Installs", "Domains", "Accounts", "Vault", "Storage",
    ];

    /// <summary>What every room may see wherever it stands: how answers are written, and the words that all of them speak.</summary>
    private static readonly string[] Everywhere =
    [
        "Sealpost.Hosting.Problem", "Sealpost.Hosting.RequestBody", "Sealpost.Hosting.Times", "Sealpost.Hosting.QueryReader", "Sealpost.Accounts.AccountId", "Sealpost.Vault.Secret",
        "Sealpost.Deliveries.DeliveryId", "Sealpost.Deliveries.NotificationId", "Sealpost.Deliveries.DeliveryState",
    ];

    private static readonly IReadOnlyCollection<(TypeName From, TypeName To)> Uses = TypeUses.Of(typeof(SealpostHost).Assembly);

    [Fact]
    public void Nothing_points_back()
    {
        var back = Uses
            .Where(use => Place(use.From) is { } from && Place(use.To) is { } to && to < from && !IsShared(use.To))
            .Select(Show);

        Findings.None(back);
    }

    [Fact]
    public void The_store_is_seen_by_Hosting_alone()
    {
        var others = Uses
            .Where(use => RoomOf(use.To) == "Storage.Sqlite" && RoomOf(use.From) is not ("Storage.Sqlite" or "Hosting"))
            .Select(Show);

        Findings.None(others);
    }

    [Theory]
    [InlineData("Retry")]
    [InlineData("Health")]
    public void A_room_of_rules_sees_no_input_or_output(string room)
    {
        string[] outside = ["System.IO", "System.Net", "Microsoft.Data", "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting", "Dapper", "SQLitePCL"];

        var uses = Uses
            .Where(use => RoomOf(use.From) == room && outside.Any(space => IsWithin(use.To.Namespace, space)))
            .Select(Show);

        Findings.None(uses);
    }

    [Fact]
    public void The_protocol_sees_only_the_framework()
    {
        var outside = TypeUses.Of(typeof(Sealpost.Protocol.Installs.Manifest).Assembly)
            .Where(use => !IsWithin(use.To.Namespace, "System") && !IsWithin(use.To.Namespace, "Sealpost.Protocol"))
            .Where(use => use.From.Namespace.Length > 0 && use.To.Namespace.Length > 0 && !use.To.Namespace.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(Show);

        Findings.None(outside);
    }

    [Fact]
    public void Every_room_has_its_place()
    {
        var homeless = typeof(SealpostHost).Assembly.GetTypes()
            .Where(type => type.Namespace is { } space && IsWithin(space, "Sealpost") && RoomOf(new TypeName(space, type.Name)) is null)
            .Select(type => type.FullName);

        Findings.None(homeless);
    }

    // Settings are read by the room above and used below it: their records are values of no room.
    private static bool IsShared(TypeName type) => Everywhere.Contains(type.ToString()) || type.Name.EndsWith("Options", StringComparison.Ordinal);

    private static int? Place(TypeName type) => RoomOf(type) is { } room ? Array.IndexOf(FromTheDoor, room) : null;

    private static string? RoomOf(TypeName type) => FromTheDoor.FirstOrDefault(room => IsWithin(type.Namespace, "Sealpost." + room));

    private static bool IsWithin(string space, string outer) =>
        space == outer || (space.StartsWith(outer, StringComparison.Ordinal) && space[outer.Length] == '.');

    private static string Show((TypeName From, TypeName To) use) => $"{use.From} uses {use.To}";
}
