package bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;

/** The same echo and broadcast on Netty, written as its documentation recommends; replies are flushed once per read. */
public final class NettyServer {
	static final int LIMIT = 16 * 1024 * 1024;
	/** As much as Hawser lets wait for a slow client before it closes the connection. */
	private static final int OUTBOX = 1024 * 1024;
	private static final int LEVEL = 6; // zlib's usual one, which Hawser uses too
	private static final int WINDOW = 15;

	private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
	private final List<String> options;

	private NettyServer(List<String> options) {
		this.options = options;
	}

	/**
	 * Arguments: the port, and then any of {@code native} (epoll and BoringSSL in place of the JDK's selectors and engine),
	 * {@code tls=<PKCS 12 file>} (its password is "benchmark"), {@code http2} (nothing but HTTP/2), {@code deflate} (messages are compressed one
	 * by one) and {@code takeover} (they share windows).
	 */
	public static void main(String[] args) throws Exception {
		new NettyServer(List.of(args).subList(1, args.length)).run(Integer.parseInt(args[0]));
	}

	private void run(int port) throws Exception {
		boolean epoll = options.contains("native");
		EventLoopGroup loops = new MultiThreadIoEventLoopGroup(epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		SslContext tls = tls();
		new ServerBootstrap().group(loops).channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
				.option(ChannelOption.SO_BACKLOG, 1024)
				.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(OUTBOX / 2, OUTBOX))
				.childHandler(new ChannelInitializer<SocketChannel>() {
					@Override
					protected void initChannel(SocketChannel ch) {
						if (tls != null) {
							ch.pipeline().addLast(tls.newHandler(ch.alloc()));
						}
						if (options.contains("http2")) {
							http2(ch.pipeline());
						}
						else {
							http1(ch.pipeline());
						}
					}
				}).bind("127.0.0.1", port).sync().channel().closeFuture().sync();
	}

	private void http1(ChannelPipeline pipeline) {
		pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(64 * 1024));
		boolean takeover = options.contains("takeover");
		if (takeover || options.contains("deflate")) {
			pipeline.addLast(new WebSocketServerExtensionHandler(
					new PerMessageDeflateServerExtensionHandshaker(LEVEL, false, WINDOW, !takeover, !takeover, LIMIT)));
		}
		pipeline.addLast(new WebSocketServerProtocolHandler("/ws", null, true, LIMIT, false, true), new WebSocketFrameAggregator(LIMIT),
				new EchoHandler(channels));
	}

	private void http2(ChannelPipeline pipeline) {
		pipeline.addLast(
				Http2FrameCodecBuilder.forServer().initialSettings(Http2Settings.defaultSettings().connectProtocolEnabled(true)).build(),
				new Http2MultiplexHandler(new ChannelInitializer<>() {
					@Override
					protected void initChannel(Channel stream) {
						stream.pipeline().addLast(new ExtendedConnectHandler(channels));
					}
				}));
	}

	private SslContext tls() throws Exception {
		for (String option : options) {
			if (option.startsWith("tls=")) {
				char[] password = "benchmark".toCharArray();
				KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
				keys.init(KeyStore.getInstance(new File(option.substring("tls=".length())), password), password);
				SslContextBuilder builder = SslContextBuilder.forServer(keys).protocols("TLSv1.3")
						.sslProvider(options.contains("native") ? SslProvider.OPENSSL : SslProvider.JDK);
				if (options.contains("http2")) {
					builder.applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
							ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
							ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, "h2"));
				}
				return builder.build();
			}
		}
		return null;
	}
}
