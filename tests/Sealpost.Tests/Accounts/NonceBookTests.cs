using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts.AppKeys;
using Sealpost.Storage;

namespace Sealpost.Tests.Accounts;

public sealed class NonceBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ScriptedNonceStore _store = new();
    private readonly List<Exception> _broken = [];
    private readonly NonceBook _book;

    public NonceBookTests() => _book = new NonceBook(_store, new FakeTimeProvider(Now), _broken.Add);

    [Fact]
    public async Task A_nonce_is_taken_once()
    {
        Assert.True(await _book.TakeAsync(Nonce(1)));
        Assert.False(await _book.TakeAsync(Nonce(1)));
        Assert.True(await _book.TakeAsync(Nonce(2)));
    }

    [Fact]
    public async Task What_comes_during_a_commit_is_written_by_the_next_all_in_one()
    {
        _store.Hold();
        var first = Task.Run(() => _book.TakeAsync(Nonce(0)));
        await _store.Entered;
        var others = Enumerable.Range(1, 200).Select(number => _book.TakeAsync(Nonce(number % 100))).ToList();
        _store.Release();

        Assert.True(await first);
        Assert.Equal(99, (await Task.WhenAll(others)).Count(isNew => isNew));
        Assert.Equal([1, 200], _store.Batches);
    }

    [Fact]
    public async Task No_nonce_is_forgotten_by_the_writing_however_they_come()
    {
        var takers = Enumerable.Range(0, 8).Select(taker => Task.Run(async () =>
        {
            for (var number = 0; number < 200; number++)
            {
                Assert.True(await _book.TakeAsync(Nonce(taker * 1000 + number)));
            }
        }));
        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(1600, _store.Batches.Sum());
    }

    [Fact]
    public async Task Each_commit_forgets_more_than_it_keeps_once_the_window_is_long_past()
    {
        await _book.TakeAsync(Nonce(1));
        Assert.Equal(Now.AddMinutes(-10), _store.ForgetBefore);
        Assert.Equal(100, _store.ForgetAtMost);

        _store.Hold();
        var first = Task.Run(() => _book.TakeAsync(Nonce(2)));
        await _store.Entered;
        var others = Enumerable.Range(3, 80).Select(number => _book.TakeAsync(Nonce(number))).ToList();
        _store.Release();
        await Task.WhenAll(others.Append(first));
        Assert.Equal(160, _store.ForgetAtMost);
    }

    [Theory]
    [InlineData(StoreFault.Full, 0)]
    [InlineData(StoreFault.Broken, 1)]
    public async Task A_store_that_fails_lets_nobody_through_and_a_broken_one_ends_the_process(StoreFault fault, int ends)
    {
        _store.Fault = fault;
        await Assert.ThrowsAsync<StoreException>(() => _book.TakeAsync(Nonce(1)));
        Assert.Equal(ends, _broken.Count);

        _store.Fault = null;
        Assert.True(await _book.TakeAsync(Nonce(1)));
    }

    [Fact]
    public void What_was_signed_before_the_store_knew_may_be_forgotten()
    {
        var since = Now.ToUnixTimeSeconds();
        _store.KnownSince = Now.AddMilliseconds(900);
        Assert.True(_book.MayHaveForgotten(since - 1));
        Assert.False(_book.MayHaveForgotten(since));
    }

    private static UsedNonce Nonce(int number) => new(Now.ToUnixTimeSeconds(), BitConverter.GetBytes(number));

    private sealed class ScriptedNonceStore : INonceStore
    {
        private readonly HashSet<int> _kept = [];
        private readonly ManualResetEventSlim _open = new(true);
        private TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Batches { get; } = [];

        public DateTimeOffset KnownSince { get; set; }

        public StoreFault? Fault { get; set; }

        public DateTimeOffset ForgetBefore { get; private set; }

        public int ForgetAtMost { get; private set; }

        public Task Entered => _entered.Task;

        public void Hold()
        {
            _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _open.Reset();
        }

        public void Release() => _open.Set();

        public IReadOnlyList<bool> Keep(IReadOnlyList<UsedNonce> nonces, DateTimeOffset forgetBefore, int forgetAtMost)
        {
            _entered.TrySetResult();
            _open.Wait(TimeSpan.FromSeconds(30));
            if (Fault is { } fault)
            {
                throw new StoreException(fault, "scripted");
            }

            Batches.Add(nonces.Count);
            (ForgetBefore, ForgetAtMost) = (forgetBefore, forgetAtMost);
            return [.. nonces.Select(nonce => _kept.Add(BitConverter.ToInt32(nonce.Digest)))];
        }
    }
}
