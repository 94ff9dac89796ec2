using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LlmKit.AspNetCore.Events;

/// <summary>Writes events and flushes each. Data are JSON in one line: what a text holds cannot end an event.</summary>
internal sealed class EventWriter(HttpContext context, Action<HttpContext> begin)
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    // The first half of a character that a stream has cut in two.
    private char _half;

    /// <summary>Gets whether the headers are on their way: from then on a problem is an event.</summary>
    public bool HasBegun { get; private set; }

    public ValueTask DeltaAsync(string text, CancellationToken cancellationToken)
    {
        if (_half != default)
            text = _half + text;
        _half = char.IsHighSurrogate(text[^1]) ? text[^1] : default;
        var whole = _half == default ? text : text[..^1];
        return whole.Length == 0 ? default : WriteAsync("event: delta\ndata: "u8, json => json.WriteString("text"u8, whole), cancellationToken);
    }

    public ValueTask ToolAsync(FunctionCallContent call, CancellationToken cancellationToken) => WriteAsync(
        "event: tool\ndata: "u8,
        json =>
        {
            json.WriteString("name"u8, call.Name);
            json.WriteString("id"u8, call.CallId);
        },
        cancellationToken);

    public ValueTask DoneAsync(AnswerSummary answer, bool showCost, CancellationToken cancellationToken) => WriteAsync(
        "event: done\ndata: "u8,
        json =>
        {
            if (answer.FinishReason is { } reason)
                json.WriteString("finishReason"u8, reason);
            json.WriteBoolean("cached"u8, answer.IsCached);
            if (showCost)
            {
                if (answer.Model is { } model)
                    json.WriteString("model"u8, model);
                if (answer.Cost is { } cost)
                    json.WriteNumber("cost"u8, cost);
                Write(json, answer.Usage);
            }

            if (answer.CallId is { } id)
                json.WriteString("callId"u8, id);
        },
        cancellationToken);

    public async Task ErrorAsync(ProblemDetails problem, Exception exception)
    {
        var services = context.RequestServices;
        services.GetService<IOptions<ProblemDetailsOptions>>()?.Value.CustomizeProblemDetails?.Invoke(new() { HttpContext = context, ProblemDetails = problem, Exception = exception });
        var types = (services.GetService<IOptions<JsonOptions>>()?.Value ?? new()).SerializerOptions;
        await WriteAsync("event: error\ndata: "u8, json => JsonSerializer.Serialize(json, problem, types.GetTypeInfo(typeof(ProblemDetails))), context.RequestAborted, isObject: false).ConfigureAwait(false);
    }

    public async ValueTask CommentAsync(CancellationToken cancellationToken)
    {
        Begin();
        context.Response.BodyWriter.Write(": \n\n"u8);
        await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, (long Input, long Output) usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input"u8, usage.Input);
        json.WriteNumber("output"u8, usage.Output);
        json.WriteEndObject();
    }

    private ValueTask WriteAsync(ReadOnlySpan<byte> head, Action<Utf8JsonWriter> data, CancellationToken cancellationToken, bool isObject = true)
    {
        Begin();
        var body = context.Response.BodyWriter;
        body.Write(head);
        using (var json = new Utf8JsonWriter(body, OneLine))
        {
            if (isObject)
                json.WriteStartObject();
            data(json);
            if (isObject)
                json.WriteEndObject();
        }

        body.Write("\n\n"u8);
        return FlushAsync(cancellationToken);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Begin()
    {
        if (HasBegun)
            return;
        HasBegun = true;
        begin(context);
    }
}
