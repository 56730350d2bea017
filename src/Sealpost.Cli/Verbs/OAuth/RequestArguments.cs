using System.CommandLine;
using System.Text;
using System.Text.Json;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Cli.Verbs.OAuth;

/// <summary>What both verbs of <c>oauth</c> take: the key, the method, the URL, and a form if there is one.</summary>
internal sealed class RequestArguments
{
    private const string UrlRule = "URL is an http or https URL without a user and a fragment.";

    private readonly Option<string> _keyFile = new("--key-file") { Description = "File with the app key, as `keys create` writes it", Required = true, HelpName = "FILE" };
    private readonly Argument<string> _method = new("METHOD") { Description = "The request's method" };
    private readonly Argument<string> _url = new("URL") { Description = "The request's URL, exactly as it is sent" };
    private readonly Option<string?> _form = new("--form")
    {
        Description = "The body, if its type is application/x-www-form-urlencoded: it is signed too. Other bodies are not",
        HelpName = "FILE|-",
    };

    public RequestArguments()
    {
        _method.Validators.Add(result =>
        {
            if (result.Tokens.SingleOrDefault()?.Value.All(char.IsAsciiLetter) != true)
            {
                result.AddError("METHOD is a word such as GET or POST.");
            }
        });
    }

    public void AddTo(Command verb)
    {
        verb.Add(_method);
        verb.Add(_url);
        verb.Add(_keyFile);
        verb.Add(_form);
    }

    public async Task<(SignedRequest Request, OAuthKey Key)> ReadAsync(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var key = ReadKey(parse.GetRequiredValue(_keyFile));
        if (!SignedRequest.TryParse(parse.GetRequiredValue(_method), parse.GetRequiredValue(_url), out var request))
        {
            throw new UsageException(UrlRule);
        }

        var form = parse.GetValue(_form) is { } file ? await InputFile.ReadAsync(file, terminal, cancellation) : [];
        return (request with { Form = Encoding.UTF8.GetString(form) }, key);
    }

    // What the file holds stays out of the message: most of it is secret.
    private static OAuthKey ReadKey(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllBytes(path))
                ?? throw new VerbFailedException($"{path} is not a key file.");
            return new OAuthKey(
                file.ConsumerKey,
                file.Token,
                new OAuthSecrets(Encoding.UTF8.GetBytes(file.ConsumerSecret), Encoding.UTF8.GetBytes(file.TokenSecret)));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentNullException)
        {
            throw new VerbFailedException($"{path} is not a key file: JSON with consumer_key, consumer_secret, token and token_secret.");
        }
    }
}
