namespace LlmKit;

/// <summary>Sees the texts of every call before they are recorded: to change what is recorded, or to store it elsewhere and say where.</summary>
/// <remarks>
/// Set it as <see cref="TracingOptions.ContentHook"/>, or register it as a service. It is asked about each call of the pipeline, whatever is sampled and whoever
/// listens, and whether or not content is on for spans, events or the trace store: those write what it leaves. It gets copies in which every text has been through
/// <see cref="TracingOptions.Redact"/>: what is sent to models and what callers get never changes. Bytes of images and files that are no text are as they came.
/// Requests that a call makes for itself, such as a judge's, it is asked about where the trace store keeps their texts. Of pipelines inside each other the outermost that is traced asks its hook. Descriptions of tools, templates and variables of prompts and messages of exceptions are recorded as without it. Must be thread-safe and quick: calls wait
/// for it, so hand over what takes long. Where it throws nothing that holds texts is recorded of the call, the exception's type is logged, and the call goes on.
/// </remarks>
public interface IContentHook
{
    /// <summary>Is told what is asked, before it is sent.</summary>
    /// <param name="content">The copies; what is left in them is recorded.</param>
    void OnRequest(RequestContent content);

    /// <summary>Is told the answer, streams as a whole; not of a call that fails, of whose answer nothing is recorded then.</summary>
    /// <param name="content">The copies; what is left in them is recorded.</param>
    void OnResponse(ResponseContent content);
}
