using System.Text;
using Sealpost.Cli.Client;
using Sealpost.Cli.Publishing;
using Sealpost.Cli.Receiving;
using Spectre.Console;

namespace Sealpost.Cli.Demo;

/// <summary>What the chapters of the demo share. Everything in it ends with it.</summary>
internal sealed class Tour(IAnsiConsole console, TimeProvider clock, string folder) : IAsyncDisposable
{
    public IAnsiConsole Console => console;

    public TimeProvider Clock => clock;

    public Inbox Inbox { get; } = new(console);

    /// <summary>A folder of the demo's own, deleted at its end.</summary>
    public string Folder => folder;

    /// <summary>Everything published so far, in order.</summary>
    public List<Spoken> Said { get; } = [];

    public Receiver? Receiver { get; set; }

    /// <summary>A receiver that demands <see cref="Certificate"/>.</summary>
    public Receiver? StrictReceiver { get; set; }

    public DemoCertificate? Certificate { get; set; }

    /// <summary>The app install's <c>client_id</c>.</summary>
    public string ClientId { get; set; } = "";

    public ServiceProcess? Service { get; set; }

    public ApiClient? Api { get; set; }

    public StateWatch? States { get; set; }

    /// <summary>The connected client; a chapter that needs it comes after the one that connects.</summary>
    public ApiClient Connected => Api ?? throw new InvalidOperationException("The service is not started yet.");

    public void Tell(string text) => console.MarkupLine(Markup.Escape(text));

    /// <summary>Publishes as a platform would: one request, a line each.</summary>
    public async Task PublishAsync(IReadOnlyList<Spoken> scene, CancellationToken cancellation)
    {
        Said.AddRange(scene);
        var lines = string.Concat(scene.Select(spoken => spoken.Json + "\n"));
        var batch = new NdjsonBatch(1, scene.Count, Encoding.UTF8.GetBytes(lines));
        var publication = new Publication(EventType: null, Conversation: null, Guid.NewGuid().ToString());
        await Connected.SendAsync(publication.Batch(Connected, batch, number: 1), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (States is not null)
        {
            await States.DisposeAsync();
        }

        Api?.Dispose();
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (Receiver is not null)
        {
            await Receiver.DisposeAsync();
        }

        if (StrictReceiver is not null)
        {
            await StrictReceiver.DisposeAsync();
        }

        Certificate?.Trusted.Dispose();
    }
}
