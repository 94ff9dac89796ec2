using System.Security.Cryptography;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>Sums what calls cost by day, tenant, feature and model, and recognises requests that repeat.</summary>
/// <remarks>
/// Thread-safe: one lock, held for a look-up and some additions. Nothing is ever lost of a sum: a row for all days that are not kept any more and
/// one a day for what finds no other take what exceeds the bounds.
/// </remarks>
internal sealed class SpendingBook : ICallBook
{
    private const AnswerMarks Good = AnswerMarks.Cached;
    private static readonly RowKey Earlier = new(RowKey.Earlier, null, null, null, IsMerged: true);

    private readonly Lock _lock = new();
    private readonly Dictionary<RowKey, RowCounts> _rows = [];
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly AnsweredRequests? _answered;
    private readonly SpendingReportOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeZoneInfo _zone;
    private int _today;
    private long _merged;

    public SpendingBook(SpendingReportOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        _answered = options.MaxRequests == 0 ? null : new(options.MaxRequests, options.RepeatWindow);
    }

    public void Open(LlmCall call, IReadOnlyList<ChatMessage>? messages, ChatOptions options)
    {
        var request = _answered is null || messages is null ? null : HashOf(call, messages, options);
        var isRepeat = false;
        if (request is { } hash)
        {
            lock (_lock)
                isRepeat = _answered!.WasAnswered(hash, call.StartedAt);
        }

        call.Booked = new BookedCall(DayOf(call), request, isRepeat);
    }

    public void AddAttempt(LlmCall call, CallAttempt attempt, Money cost)
    {
        var booked = call.Booked as BookedCall;
        var day = booked?.Day ?? DayOf(call);
        lock (_lock)
            RowOf(new(day, call.Tenant, call.Feature, attempt.Model)).AddAttempt(attempt, cost, booked is { IsRepeat: true });
    }

    public void Close(LlmCall call)
    {
        var booked = call.Booked as BookedCall;
        var day = booked?.Day ?? DayOf(call);
        // Of an answer that was cut, changed or not the first choice's, the next asker gets a fresh one.
        var isGood = call.Status == CallStatus.Completed && (call.Marks | Good) == Good;
        lock (_lock)
        {
            RowOf(new(day, call.Tenant, call.Feature, call.Model)).AddCall(call, booked is { IsRepeat: true });
            if (isGood && booked?.Request is { } request && _answered!.Note(request, _time.GetUtcNow()) is var forgotten and > 0)
                ReportTelemetry.Forgotten(forgotten);
        }
    }

    /// <summary>Gives a copy of what is known.</summary>
    public SpendingReport Report(string? tenant, IReadOnlyList<BudgetForecast> limits)
    {
        List<SpendingRow> rows;
        long merged, forgotten;
        lock (_lock)
        {
            Turn(DayOf(_time.GetUtcNow()));
            rows = [.. _rows.Select(row => row.Key.ToRow(row.Value))];
            (merged, forgotten) = (_merged, _answered?.Forgotten ?? 0);
        }

        var own = rows.Where(row => tenant is null || row.Tenant == tenant)
            .OrderBy(row => row.Day).ThenBy(row => row.IsMerged).ThenBy(row => row.Tenant, StringComparer.Ordinal).ThenBy(row => row.Feature, StringComparer.Ordinal).ThenBy(row => row.Model, StringComparer.Ordinal);
        return new(_time.GetUtcNow(), _zone, [.. own], limits)
        {
            Tenant = tenant,
            MergedEntries = merged,
            ForgottenRequests = forgotten,
            RepeatWindow = _answered is null ? null : _options.RepeatWindow,
        };
    }

    private UInt128? HashOf(LlmCall call, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        try
        {
            return RequestHash.Of(call, messages, options, _secret, _options.RepeatsPerUser);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Somebody's value in the options cannot be read: the call goes on, and repeats nothing.
            return null;
        }
    }

    private int DayOf(LlmCall call) => DayOf(call.StartedAt);

    private int DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, _zone).DateTime).DayNumber;

    private RowCounts RowOf(in RowKey key)
    {
        Turn(key.Day);
        if (key.Day <= _today - _options.DaysKept)
            return RowAt(Earlier);
        if (_rows.TryGetValue(key, out var row))
            return row;
        if (_rows.Count < _options.MaxRows)
            return RowAt(key);
        _merged++;
        ReportTelemetry.Merged();
        return RowAt(new(key.Day, null, null, null, IsMerged: true));
    }

    private RowCounts RowAt(in RowKey key)
    {
        if (!_rows.TryGetValue(key, out var row))
            _rows[key] = row = new();
        return row;
    }

    /// <summary>Begins a day: sums the rows of days that are not kept any more.</summary>
    private void Turn(int day)
    {
        if (day <= _today)
            return;
        _today = day;
        foreach (var key in _rows.Keys.Where(key => key.Day != RowKey.Earlier && key.Day <= _today - _options.DaysKept).ToList())
        {
            _rows.Remove(key, out var row);
            RowAt(Earlier).Add(row!);
        }
    }
}
