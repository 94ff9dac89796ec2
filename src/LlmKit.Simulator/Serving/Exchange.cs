using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Serving;

/// <summary>One request in the simulator, from its arrival to its bill.</summary>
internal sealed class Exchange
{
    private readonly SimulatorEngine _engine;
    private readonly ulong _fingerprint;
    private readonly long _number;
    private int _closed;

    private Exchange(HttpContext http, SimulatorEngine engine, string body, CancellationToken gone)
    {
        Http = http;
        _engine = engine;
        Gone = gone;
        Body = body;
        Path = http.Request.Path.ToString();
        _fingerprint = StableHash.Of(Path + "\n" + body);
        _number = engine.NextNumber();
        Id = _fingerprint.ToString("x16", CultureInfo.InvariantCulture);
        Model = http.Request.RouteValues["deployment"] as string ?? ModelIn(body);
        engine.Received.Add(new(_number, Path + http.Request.QueryString, Model, body, [.. http.Request.Headers.Keys]));
    }

    public HttpContext Http { get; }

    public string Path { get; }

    public string Body { get; }

    public string Model { get; }

    public bool IsStream { get; private set; }

    public Fault? Fault { get; private set; }

    /// <summary>What is left of the model's quota; <see langword="null"/> when it has none.</summary>
    public int? RequestsLeft { get; private set; }

    public Timing Timing { get; private set; }

    public Bill? Bill { get; set; }

    /// <summary>The hexadecimal part of all ids: the same request at the same try has the same.</summary>
    public string Id { get; private set; }

    /// <summary>Cancelled when the client went away or the simulator stops.</summary>
    public CancellationToken Gone { get; }

    public ErrorFacts ErrorFacts => new(Id, Model, 0, 0, Http.Request.RouteValues.ContainsKey("deployment"));

    public static async Task<Exchange> ReceiveAsync(HttpContext http, SimulatorEngine engine, CancellationToken gone)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        return new(http, engine, await reader.ReadToEndAsync(gone).ConfigureAwait(false), gone);
    }

    public JsonDocument Parse()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw new WireException("We could not parse the JSON body of your request.");
        }
    }

    /// <summary>Counts the try and decides its fault and its waits.</summary>
    public void Accept(string text, bool isStream)
    {
        IsStream = isStream;
        var tryNumber = _engine.NextTry(_fingerprint);
        Id = StableHash.Mix(_fingerprint + (ulong)tryNumber).ToString("x16", CultureInfo.InvariantCulture);
        Fault = _engine.Faults.Decide(new(_number, tryNumber, Model, text, isStream, Path), _engine.Seed, _fingerprint);
        if (_engine.Quota.Take(Model) is { } quota)
        {
            RequestsLeft = quota.Left;
            if (quota.Wait is { } wait)
                Fault = Fault.RateLimited(wait, RetryAfterForm.Milliseconds);
        }

        Timing = Timing.Of(_engine.LatencyOf(Model), _engine.Seed, _fingerprint, tryNumber);
    }

    public Task WaitAsync(TimeSpan duration) =>
        duration == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(duration, _engine.Clock, Gone);

    public Task WaitIfAsync(FaultKind kind) => Fault is { } fault && fault.Kind == kind ? WaitAsync(fault.Duration) : Task.CompletedTask;

    /// <summary>Bills and counts the request; only the first time does anything.</summary>
    public void Close(RequestOutcome outcome)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;

        if (Bill is { } bill)
            _engine.Meter.Add(Model, bill.Tokens);
        _engine.Requests.Add(Model, outcome, Fault?.Kind);
    }

    private static string ModelIn(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Find("model") is { ValueKind: JsonValueKind.String } model ? model.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
