using System.Collections.Immutable;
using System.Diagnostics;

namespace LlmKit.Calls;

/// <summary>All who keep spans in this process, so that what only they want is written only while there are any.</summary>
/// <remarks>Thread-safe.</remarks>
internal static class SpanKeepers
{
    private static ImmutableArray<ISpanKeeper> all = [];

    /// <summary>Gets whether anybody keeps spans.</summary>
    public static bool Any => !all.IsEmpty;

    /// <summary>Gets whether anybody keeps their texts.</summary>
    public static bool WantTexts
    {
        get
        {
            foreach (var keeper in all)
            {
                if (keeper.KeepsTexts)
                    return true;
            }

            return false;
        }
    }

    public static void Add(ISpanKeeper keeper) => ImmutableInterlocked.Update(ref all, static (known, one) => known.Add(one), keeper);

    public static void Remove(ISpanKeeper keeper) => ImmutableInterlocked.Update(ref all, static (known, one) => known.Remove(one), keeper);

    /// <summary>Begins a span for them alone. It is of no source, so that nobody else hears of it, and not current: nothing may become a part of what others never see.</summary>
    public static Activity Begin(string name, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        var current = Activity.Current;
        var span = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        foreach (var (tag, value) in tags)
            span.SetTag(tag, value);
        span.Start();
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span of <see cref="Begin"/>.</summary>
    public static void End(Activity span)
    {
        var current = Activity.Current;
        span.Stop();
        Activity.Current = current;
        foreach (var keeper in all)
            keeper.Keep(span);
    }
}

/// <summary>Keeps spans.</summary>
/// <remarks>Implementations are thread-safe, never make anybody wait and never throw.</remarks>
internal interface ISpanKeeper
{
    /// <summary>Gets whether it keeps texts too.</summary>
    bool KeepsTexts { get; }

    /// <summary>Keeps a span that has ended.</summary>
    void Keep(Activity span);
}
