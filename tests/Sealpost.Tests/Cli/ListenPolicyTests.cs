using Sealpost.Cli.Receiving;

namespace Sealpost.Tests.Cli;

public sealed class ListenPolicyTests
{
    [Theory]
    [InlineData((int)SignatureCheck.Valid, 0.5, 201)]
    [InlineData((int)SignatureCheck.NotChecked, 0.5, 201)]
    [InlineData((int)SignatureCheck.Valid, 0.24, 503)]
    [InlineData((int)SignatureCheck.Wrong, 0.5, 401)]
    [InlineData((int)SignatureCheck.NoSecret, 0.5, 503)]
    public void The_answer_follows_the_signature_and_then_chance(int check, double chance, int status) =>
        Assert.Equal(status, new ListenPolicy(Status: 201, FailRate: 0.25).Answer((SignatureCheck)check, chance));
}
