using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>
/// What a client asked for: the body as it came (decompressed), what the scan found in it, and the routing wishes
/// of its headers. It is decoded as a whole only when an upstream of another protocol may serve it. Owns the pooled body;
/// dispose it when no attempt can need it any more.
/// </summary>
internal sealed class InboundCall(ClientEndpoint endpoint, PooledBody body, string model, bool stream, RequestChoices choices) : IDisposable
{
    private static readonly LossList BytesOnly = new([], ["this operation (only providers of OpenAI's kinds have it)"]);

    private ModelRequest? _decoded;
    private FieldsUsed? _fields;
    private InboundCall? _unsealed;

    public ClientEndpoint Endpoint { get; } = endpoint;

    public WireProtocol Protocol => Endpoint.Protocol;

    public ReadOnlyMemory<byte> Body => body.Memory;

    /// <summary>Bytes that the client sent; known after they were given back, too.</summary>
    public int Length { get; private init; } = body.Memory.Length;

    /// <summary>The model as the client named it.</summary>
    public string Model { get; } = model;

    /// <summary>The client gets a stream.</summary>
    public bool Stream { get; } = stream;

    public RequestChoices Choices { get; } = choices;

    /// <summary>Of a Chat, completions or embeddings request.</summary>
    public ChatRequestHead? ChatHead { get; init; }

    /// <summary>Of any other request.</summary>
    public BodyHead? Head { get; init; }

    /// <summary>What is asked of a model besides text; a count of tokens asks nothing of it.</summary>
    public RequestNeeds Needs => Endpoint.Operation == Operation.Generate ? ChatHead?.Needs ?? Head?.Needs ?? RequestNeeds.None : RequestNeeds.None;

    /// <summary>About how many tokens the prompt has: a quarter of its bytes, embedded files not counted. Rather too few than too many.</summary>
    public long EstimatedPromptTokens =>
        Endpoint.Operation != Operation.Generate ? 0 : (ChatHead is { } chat ? chat.TextBytes + chat.ToolsBytes : Head?.TextBytes ?? 0) / 4;

    /// <summary>A Gemini client without <c>alt=sse</c>: the stream is one JSON array.</summary>
    public bool AsArray { get; init; }

    /// <summary>The protocol features that the client's headers switch on.</summary>
    public ClientBetas Betas { get; init; } = ClientBetas.None;

    /// <summary>The provider whose own protocol's seals the request carries: nobody else may get its bytes.</summary>
    public string? SealedBy { get; set; }

    /// <summary>The client asked for the usage chunk of a Chat stream; otherwise it is held back.</summary>
    public bool WantsUsage => ChatHead?.IncludeUsage == true;

    /// <summary>Of a Responses request: the id its answer is to have; null: one made of the request's.</summary>
    public string? ResponseId { get; set; }

    /// <summary>Of a Responses request: what the answer echoes, if not <see cref="Body"/>.</summary>
    public ReadOnlyMemory<byte>? EchoBody { get; set; }

    /// <summary>The bytes hold what no other upstream than the one that made it understands, be it of the same protocol.</summary>
    public bool MustConvert { get; private init; }

    /// <summary>The request in the intermediate form.</summary>
    /// <exception cref="GatewayErrorException">400: a field that can't be understood.</exception>
    public ModelRequest Decoded => _decoded ??= Decode();

    /// <summary>The request as a provider of the client's own protocol can take it: without what providers of other protocols sealed.</summary>
    public InboundCall Unsealed => _unsealed ??= Unseal();

    /// <summary>What this request loses over an upstream of a protocol.</summary>
    /// <exception cref="GatewayErrorException">400: a body that can't be understood.</exception>
    public LossList LossesTo(WireProtocol upstream)
    {
        if (Endpoint.Operation is Operation.Embeddings or Operation.Completions)
        {
            return upstream is WireProtocol.Chat or WireProtocol.Responses ? LossList.None : BytesOnly;
        }

        if (upstream == Protocol)
        {
            return LossList.None;
        }

        try
        {
            return (_fields ??= Codecs.Of(Protocol).Fields.Find(Body)).To(upstream);
        }
        catch (WireFormatException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>The same request with another body, which says more than the client sent.</summary>
    /// <exception cref="GatewayErrorException">400: the body can't be understood.</exception>
    public InboundCall WithBody(byte[] body, bool mustConvert)
    {
        try
        {
            return new InboundCall(Endpoint, PooledBody.Own(body), Model, Stream, Choices)
            {
                Head = BodyHeadScanner.Scan(body, needsModel: true),
                Betas = Betas,
                Length = Length,
                ResponseId = ResponseId,
                EchoBody = EchoBody ?? Body,
                MustConvert = mustConvert,
            };
        }
        catch (WireFormatException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>The same request with what was said before in front of what it says itself.</summary>
    public InboundCall WithHistory(byte[] body) => new(Endpoint, PooledBody.Own(body), Model, Stream, Choices)
    {
        ChatHead = ChatHead is null ? null : ChatRequestScanner.Scan(body),
        Head = Head is null ? null : BodyHeadScanner.Scan(body, needsModel: false),
        AsArray = AsArray,
        Betas = Betas,
        Length = Length,
        ResponseId = ResponseId,
        EchoBody = Protocol == WireProtocol.Responses ? EchoBody ?? Body : null,
    };

    /// <summary>Leaves the body to the garbage collector: a transport may still be reading it.</summary>
    public void KeepBody() => body.Keep();

    public void Dispose() => body.Dispose();

    public static GatewayErrorException Refused(WireFormatException e) =>
        new(new GatewayError(400, e.Code, e.Message) { Param = e.Param });

    // What is counted needs no limit, and Google's counter takes two forms.
    private ModelRequest ReadRequest() => (Endpoint.Operation, Protocol) switch
    {
        (Operation.CountTokens, WireProtocol.Messages) => MessagesCodec.ReadCountRequest(Body),
        (Operation.CountTokens, WireProtocol.Gemini) => GeminiCountTokens.ReadRequest(Body),
        _ => Codecs.Of(Protocol).ReadRequest(Body),
    };

    private InboundCall Unseal() => ForeignSeals.Remove(Protocol, Body) is not { } left
        ? this
        : new InboundCall(Endpoint, PooledBody.Own(left), Model, Stream, Choices)
        {
            ChatHead = ChatHead is null ? null : ChatRequestScanner.Scan(left),
            Head = Head is null ? null : BodyHeadScanner.Scan(left, needsModel: false),
            AsArray = AsArray,
            Betas = Betas,
        };

    private ModelRequest Decode()
    {
        try
        {
            // The model of a Gemini request stands in its path, and so does whether it streams.
            return ReadRequest() with { Model = Model, Stream = Stream };
        }
        catch (WireFormatException e)
        {
            throw Refused(e);
        }
    }
}

/// <summary>A body in a pooled array.</summary>
internal sealed class PooledBody(byte[] array, int length) : IDisposable
{
    private byte[]? _array = array;
    private bool _kept;

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, length);

    /// <summary>A body in an array that is not the pool's.</summary>
    public static PooledBody Own(byte[] array) => new(array, array.Length) { _kept = true };

    /// <summary>The array will not go back to the pool.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (_kept)
        {
            return;
        }

        if (Interlocked.Exchange(ref _array, null) is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
