using System.Text;

namespace LlmKit.Tests.Text.Hidden;

/// <summary>Text spelled by characters that nobody sees.</summary>
internal static class HiddenSamples
{
    public static string Scotland => "\U0001F3F4" + Tags("gbsct") + "\U000E007F";

    public static string Tags(string message) => string.Concat(message.Select(c => char.ConvertFromUtf32(0xE0000 + c)));

    public static string Selectors(string message) => string.Concat(
        Encoding.UTF8.GetBytes(message).Select(b => char.ConvertFromUtf32(b < 16 ? 0xFE00 + b : 0xE0100 + b - 16)));
}
