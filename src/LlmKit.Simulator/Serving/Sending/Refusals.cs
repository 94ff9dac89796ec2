using System.Globalization;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>Answers a request with an HTTP error, which bills nothing.</summary>
internal static class Refusals
{
    // The time until one request of sixty in a minute is given back.
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(1);

    /// <summary>The error that the request's fault asks for, if it is one.</summary>
    public static FaultKind? For(Exchange exchange) => exchange.Fault?.Kind switch
    {
        FaultKind.ErrorInStream when !exchange.IsStream => FaultKind.ServerError,
        // The kinds that are HTTP errors stand first in the enumeration.
        <= FaultKind.PromptFiltered => exchange.Fault.Kind,
        _ => null,
    };

    public static async Task SendAsync(Exchange exchange, IWireFormat format, WireError error, TimeProvider clock)
    {
        var response = exchange.Http.Response;
        response.StatusCode = error.Status;
        response.Headers[format.RequestIdHeader] = "req_" + exchange.Id;
        if (exchange.Fault is { RetryAfter: { } delay } fault)
            Add(response.Headers, format, delay, fault.RetryAfterForm, clock);

        exchange.Bill = null;
        exchange.Close(RequestOutcome.Refused);
        await JsonResponse.WriteAsync(response, JsonText.Of(error.Body), exchange.Gone).ConfigureAwait(false);
    }

    /// <summary>Answers in the place of the provider, whose headers and words it does not know.</summary>
    public static async Task SendAsync(Exchange exchange, GatewayPage page)
    {
        var response = exchange.Http.Response;
        response.StatusCode = page.Status;
        response.ContentType = "text/html";
        exchange.Bill = null;
        exchange.Close(RequestOutcome.Refused);
        await response.WriteAsync(page.Html, exchange.Gone).ConfigureAwait(false);
    }

    private static void Add(IHeaderDictionary headers, IWireFormat format, TimeSpan delay, RetryAfterForm form, TimeProvider clock)
    {
        if (form == RetryAfterForm.LimitReset)
        {
            headers[format.RequestLimitHeaders.Remaining] = "59";
            headers[format.RequestLimitHeaders.Reset] = format.LimitReset(OneRequest, clock.GetUtcNow());
            headers[format.TokenLimitHeaders.Remaining] = "0";
            headers[format.TokenLimitHeaders.Reset] = format.LimitReset(delay, clock.GetUtcNow());
        }
        else if (form == RetryAfterForm.Milliseconds)
            headers["retry-after-ms"] = Math.Ceiling(delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        else if (form == RetryAfterForm.HttpDate)
            headers.RetryAfter = (clock.GetUtcNow() + delay).ToString("R", CultureInfo.InvariantCulture);
        else if (form == RetryAfterForm.PastDate)
            headers.RetryAfter = (clock.GetUtcNow() - delay).ToString("R", CultureInfo.InvariantCulture);
        else if (form == RetryAfterForm.Words)
            headers.RetryAfter = "in a moment";
        else
            headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
