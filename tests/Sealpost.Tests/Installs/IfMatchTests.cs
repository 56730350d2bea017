using Microsoft.Extensions.Primitives;
using Sealpost.Installs;

namespace Sealpost.Tests.Installs;

public sealed class IfMatchTests
{
    [Theory]
    [InlineData("7", null)]
    [InlineData("\"7\"", null)]
    [InlineData(" 7 ", null)]
    [InlineData("*", null)]
    [InlineData("6", InstallChangeKind.RevisionStale)]
    [InlineData("-7", InstallChangeKind.RevisionStale)]
    [InlineData("W/\"7\"", InstallChangeKind.RevisionStale)]
    [InlineData("seven", InstallChangeKind.RevisionStale)]
    [InlineData("\"", InstallChangeKind.RevisionStale)]
    [InlineData("99999999999999999999", InstallChangeKind.RevisionStale)]
    [InlineData("", InstallChangeKind.RevisionMissing)]
    [InlineData(null, InstallChangeKind.RevisionMissing)]
    public void A_header_fits_the_present_revision_or_says_why_not(string? header, InstallChangeKind? refusal) =>
        Assert.Equal(refusal, IfMatch.Read(header).Refuses(7));

    [Fact]
    public void Two_headers_fit_no_revision() =>
        Assert.Equal(InstallChangeKind.RevisionStale, IfMatch.Read(new StringValues(["7", "7"])).Refuses(7));
}
