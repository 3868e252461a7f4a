package bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;

/**
 * Makes a WebSocket of an extended CONNECT (RFC 8441), which Netty does not do by itself: answers 200, and lets Netty's own WebSocket codec
 * read and write the DATA frames of the stream.
 */
final class ExtendedConnectHandler extends ChannelInboundHandlerAdapter {
	private final Set<Channel> channels;

	ExtendedConnectHandler(Set<Channel> channels) {
		this.channels = channels;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (!(message instanceof Http2HeadersFrame request)) {
			ReferenceCountUtil.release(message);
			return;
		}
		if (!isWebSocket(request.headers())) {
			ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("404"), true));
			return;
		}
		ChannelPipeline pipeline = ctx.pipeline();
		pipeline.addLast(new DataFrames(), new WebSocket13FrameDecoder(true, false, NettyServer.LIMIT), new WebSocket13FrameEncoder(false),
				new ControlFrames(), new WebSocketFrameAggregator(NettyServer.LIMIT), new EchoHandler(channels));
		ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
		pipeline.remove(this);
	}

	private static boolean isWebSocket(Http2Headers headers) {
		return "CONNECT".contentEquals(headers.method())
				&& "websocket".contentEquals(String.valueOf(headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value())))
				&& headers.path().toString().startsWith("/ws");
	}

	private static final class DataFrames extends ChannelDuplexHandler {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			if (!(message instanceof Http2DataFrame data)) {
				ReferenceCountUtil.release(message);
				return;
			}
			ctx.fireChannelRead(data.content());
			if (data.isEndStream()) {
				ctx.close();
			}
		}

		@Override
		public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
			ctx.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
		}
	}

	private static final class ControlFrames extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			switch (message) {
				case PingWebSocketFrame ping -> ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
				case CloseWebSocketFrame close -> ctx.writeAndFlush(close).addListener(_ -> ctx.close());
				default -> ctx.fireChannelRead(message);
			}
		}
	}
}
