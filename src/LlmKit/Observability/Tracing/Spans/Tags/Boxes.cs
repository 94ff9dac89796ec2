namespace LlmKit.Observability.Tracing;

/// <summary>Numbers as the objects that tags hold: those that are common are made once.</summary>
internal static class Boxes
{
    private const int Most = 1_024;
    private static readonly object[] Longs = [.. Enumerable.Range(0, Most + 1).Select(number => (object)(long)number)];
    private static readonly object[] Integers = [.. Enumerable.Range(0, Most + 1).Select(number => (object)number)];

    public static object Of(long number) => (ulong)number <= Most ? Longs[number] : number;

    public static object Of(int number) => (uint)number <= Most ? Integers[number] : number;
}
