using System.Text;

namespace LlmKit.Benchmarks.Control;

/// <summary>Texts for detectors: prose in which nothing is found, texts dense with what looks like something, and repetitions made to be slow.</summary>
internal static class RailTexts
{
    private const string Sentences =
        "The harbour lies quiet in the morning, and the fishermen mend their nets before the market opens. A wide road leads from the mill to the old "
        + "bridge; children count the boats that pass below it, while their teachers talk about the weather and the price of bread. Nobody knows how long "
        + "the repairs will take, yet everybody agrees that the view from the tower is worth the climb. When the ferry arrives, its bell can be heard as "
        + "far as the orchard, where the first apples are ripe and the ladders lean against the trees. ";

    private const string Numbers =
        "Order 2024-0815 of 17 units (12.50 each) left at 09:15 for https://shop.example.com/orders/4711?page=2&sort=asc#top, room 12, build 3.14.159; "
        + "see also http://docs.example.org/v2/items/00417/list.html and lines 10 to 250 of 1,204 in table 7 at 48.8566 by 2.3522 degrees. ";

    /// <summary>What is repeated to make detectors slow: beginnings of everything they look for.</summary>
    public static readonly string[] Seeds = ["a", "a.", "a-", ".", "@", "1-", "1 ", "eyJ", "![", "-----BEGIN ", "://", ":", "(", "\u200B"];

    public static string Prose(int length) => Repeated(Sentences, length);

    public static string Dense(int length) => Repeated(Numbers, length);

    public static string[] Hostile(int length) => Array.ConvertAll(Seeds, seed => Repeated(seed, length));

    private static string Repeated(string text, int length)
    {
        var repeated = new StringBuilder(length + text.Length);
        while (repeated.Length < length)
            repeated.Append(text);
        return repeated.ToString(0, length);
    }
}
