using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;

namespace Sealpost.Accounts;

/// <summary>The answers that several calls about accounts share.</summary>
internal static class AccountProblems
{
    public static Problem Malformed() => new(
        StatusCodes.Status400BadRequest, "account_invalid", "An account id is 1 to 64 letters, digits, '_' or '-'.");

    public static Problem NotFound(AccountId account) => new(
        StatusCodes.Status404NotFound, "account_not_found", $"There is no account {account}.");
}
