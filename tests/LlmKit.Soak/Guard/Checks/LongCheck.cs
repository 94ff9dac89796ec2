using LlmKit.Soak.Guard.Texts;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>The same promises for fragments that are repeated without end.</summary>
internal static class LongCheck
{
    private static readonly int[] s_lengths = [2_000, 10_000, 50_000, 200_000];

    public static void Run(GuardCase one)
    {
        var text = one.Draw(HostileText.Repeat(one, one.Pick(s_lengths)));
        var redactor = Subjects.Draw(one);
        EntryCheck.Redact(one, redactor, text);
        EntryCheck.Suspect(one, text);
        StreamCheck.Compare(one, redactor, text);
    }
}
