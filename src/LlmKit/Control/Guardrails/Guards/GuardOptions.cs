namespace LlmKit;

/// <summary>How one guard is run.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class GuardOptions
{
    /// <summary>Gets or sets how long one evaluation may take.</summary>
    /// <value>10 seconds by default; more than 0, at most 10 minutes. The call's own deadline may end it earlier.</value>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets what happens when the guard fails or takes too long.</summary>
    /// <value><see cref="GuardFailure.Block"/> by default.</value>
    public GuardFailure WhenFailing { get; set; }

    /// <summary>Gets or sets whether the model is asked while the guard still looks at the request: the answer is shown only after the verdict, and a block cancels it. Its cost stays.</summary>
    /// <value><see langword="false"/> by default. Redactions and rewrites of such a guard come too late; they block.</value>
    public bool BesideModel { get; set; }

    /// <summary>Gets or sets how answers that stream are looked at.</summary>
    /// <value><see cref="GuardStreaming.Whole"/> by default.</value>
    public GuardStreaming Streaming { get; set; }

    /// <summary>Gets or sets how many characters of a streamed answer are evaluated at a time.</summary>
    /// <value>2,000 by default; 100 or more.</value>
    public int WindowLength { get; set; } = 2_000;

    /// <summary>Gets or sets how many characters of the window before are given again with each.</summary>
    /// <value>200 by default; 0 or more, and less than <see cref="WindowLength"/>.</value>
    public int WindowOverlap { get; set; } = 200;

    internal void Check(string guard, List<string> failures)
    {
        if (TimeLimit <= TimeSpan.Zero || TimeLimit > TimeSpan.FromMinutes(10))
            failures.Add($"The time limit '{TimeLimit}' of the guard '{guard}' is outside 0 to 10 minutes. Set GuardOptions.TimeLimit.");
        if (!Enum.IsDefined(WhenFailing))
            failures.Add($"'{WhenFailing}' is not a value of GuardFailure. Use Block or Allow.");
        if (!Enum.IsDefined(Streaming))
            failures.Add($"'{Streaming}' is not a value of GuardStreaming. Use Whole, Window or Beside.");
        if (WindowLength < 100)
            failures.Add($"The window of '{WindowLength}' characters of the guard '{guard}' is too short. Set GuardOptions.WindowLength to 100 or more.");
        if (WindowOverlap < 0 || WindowOverlap >= WindowLength)
            failures.Add($"The overlap of '{WindowOverlap}' characters of the guard '{guard}' does not fit into its window of '{WindowLength}'. Set GuardOptions.WindowOverlap.");
    }
}
