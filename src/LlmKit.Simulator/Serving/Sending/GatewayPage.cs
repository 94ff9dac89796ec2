using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>The error page of a gateway in front of the provider.</summary>
internal sealed record GatewayPage(int Status, string Title)
{
    public string Html => $"<html>\n<head><title>{Status} {Title}</title></head>\n<body>\n<center><h1>{Status} {Title}</h1></center>\n</body>\n</html>\n";

    /// <summary>The page that a kind of fault shows, if it does.</summary>
    public static GatewayPage? Of(FaultKind kind) => kind switch
    {
        FaultKind.BadGateway => new(502, "Bad Gateway"),
        FaultKind.GatewayTimeout => new(504, "Gateway Time-out"),
        _ => null,
    };
}
