using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Deliveries.Live;

namespace Sealpost.Tests.Deliveries.Live;

public sealed class LiveStreamTests : IDisposable
{
    private static readonly AccountId A = AccountId.Parse("a");

    /// <summary>Of a test that would hang.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(Completions.At);
    private readonly LiveEvents _live;
    private readonly Connection _connection = new();
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _revocation = new();
    private LiveEnd? _over;

    public LiveStreamTests() => _live = new LiveEvents(_clock);

    [Fact]
    public async Task Who_begins_to_follow_is_told_from_which_id_to_go_on()
    {
        var reader = _live.Open(A, after: null)!;
        var stream = Follow(reader);
        await _connection.UntilAsync($": connected\n\nid: {reader.JoinedAt}\n\n");
        _live.Publish(Completions.Delivered(1));
        await _connection.UntilAsync($"id: {reader.JoinedAt + 1}\nevent: attempt\ndata: {{");
        await EndAsync(stream);
    }

    [Fact]
    public async Task A_quiet_stream_has_a_comment_every_fifteen_seconds()
    {
        var stream = Follow(_live.Open(A, after: null)!);
        await _connection.UntilAsync("id: ");
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(LiveStream.KeepAlive);
            await _connection.UntilAsync(": keep-alive", i + 1);
        }

        await EndAsync(stream);
    }

    [Fact]
    public async Task It_ends_at_once_when_its_token_is_revoked_and_goes_on_when_another_is()
    {
        var stream = Follow(_live.Open(A, after: null)!);
        await _connection.UntilAsync("id: ");
        Revoke();
        _live.Publish(Completions.Delivered(1));
        await _connection.UntilAsync("event: attempt");
        _over = LiveEnd.TokenRevoked;
        Revoke();
        await stream;
        Assert.EndsWith("event: end\ndata: {\"code\":\"token_revoked\",\"detail\":\"" + LiveEnd.TokenRevoked.Detail.Replace("'", "\\u0027", StringComparison.Ordinal) + "\"}\n\n", _connection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_ends_a_stream_that_is_never_quiet_too()
    {
        var reader = _live.Open(A, after: null)!;
        for (var i = 0; i < LiveReader.Capacity; i++)
        {
            _live.Publish(Completions.Delivered(1));
        }

        _over = LiveEnd.TokenRevoked;
        Revoke();
        _revocation.SetResult();
        await Follow(reader);
        Assert.DoesNotContain("event: attempt", _connection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_too_slow_gets_what_was_kept_and_is_told_why_it_ends()
    {
        _connection.Block();
        var reader = _live.Open(A, after: null)!;
        var stream = Follow(reader);
        for (var i = 0; i <= 2 * LiveReader.Capacity && !reader.CutOff.IsCancellationRequested; i++)
        {
            _live.Publish(Completions.Delivered(1));
        }

        Assert.True(reader.CutOff.IsCancellationRequested);
        _connection.Release();
        await stream;
        Assert.Contains($"id: {reader.JoinedAt + LiveReader.Capacity}\n", _connection.Text, StringComparison.Ordinal);
        Assert.Contains("event: end\ndata: {\"code\":\"too_slow\"", _connection.Text, StringComparison.Ordinal);
        Assert.False(_connection.IsAborted);
    }

    [Fact]
    public async Task Who_does_not_read_at_all_is_disconnected()
    {
        _connection.Block();
        var reader = _live.Open(A, after: null)!;
        var stream = Follow(reader);
        while (!reader.CutOff.IsCancellationRequested)
        {
            _live.Publish(Completions.Delivered(1));
        }

        // The timer is set on another thread.
        while (!stream.IsCompleted)
        {
            _clock.Advance(LiveStream.Patience);
            await Task.Yield();
        }

        await stream;
        Assert.True(_connection.IsAborted);
    }

    [Fact]
    public async Task It_ends_with_the_process_and_says_so()
    {
        var stream = Follow(_live.Open(A, after: null)!);
        await _stopping.CancelAsync();
        await stream;
        Assert.Contains("event: end\ndata: {\"code\":\"stopping\"", _connection.Text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _connection.Dispose();
    }

    private Task Follow(LiveReader reader) => Task
        .Run(() => new LiveStream(_connection.Http, reader, () => _over, () => Volatile.Read(ref _revocation).Task, _clock).RunAsync(_stopping.Token), TestContext.Current.CancellationToken)
        .WaitAsync(Bound, TestContext.Current.CancellationToken);

    private void Revoke() => Interlocked.Exchange(ref _revocation, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task EndAsync(Task stream)
    {
        await _stopping.CancelAsync();
        await stream;
    }

    /// <summary>A response whose reader may stop reading.</summary>
    private sealed class Connection : Stream, IHttpRequestLifetimeFeature
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _text = new();
        private readonly CancellationTokenSource _aborted = new();
        private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _open = Task.CompletedTask;
        private TaskCompletionSource? _gate;

        public Connection()
        {
            Http = new DefaultHttpContext();
            Http.Features.Set<IHttpRequestLifetimeFeature>(this);
            Http.Response.Body = this;
        }

        public DefaultHttpContext Http { get; }

        public bool IsAborted => _aborted.IsCancellationRequested;

        public CancellationToken RequestAborted { get => _aborted.Token; set => throw new NotSupportedException(); }

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return _text.ToString();
                }
            }
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Block()
        {
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open = _gate.Task;
        }

        public void Release() => _gate!.SetResult();

        public void Abort() => _aborted.Cancel();

        /// <summary>Waits until a text has been written so many times.</summary>
        public async Task UntilAsync(string text, int times = 1)
        {
            while (true)
            {
                Task grown;
                lock (_lock)
                {
                    if (_text.ToString().Split(text).Length > times)
                    {
                        return;
                    }

                    grown = _grown.Task;
                }

                await grown.WaitAsync(Bound, TestContext.Current.CancellationToken);
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _open.WaitAsync(cancellationToken);
            lock (_lock)
            {
                _text.Append(Encoding.UTF8.GetString(buffer.Span));
                _grown.SetResult();
                _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => _open.WaitAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _aborted.Dispose();
            base.Dispose(disposing);
        }
    }
}
