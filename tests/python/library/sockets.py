import socket, threading, asyncio, gc
a,b=socket.socketpair()
a.sendall(b'hello'); print(b.recv(10)); print(a.family, a.type, a.timeout)
b.settimeout(0.05)
try: b.recv(1)
except TimeoutError as e: print(repr(e), socket.timeout is TimeoutError)
b.setblocking(False)
try: b.recv(1)
except BlockingIOError as e: print(e.errno)
buf=bytearray(4); a.send(b'abcdef'); print(b.recv_into(buf), buf)
a.close(); b.close()
srv=socket.create_server(('127.0.0.1',0))
def serve():
    c,addr=srv.accept()
    with c:
        while d:=c.recv(100): c.sendall(d.upper())
t=threading.Thread(target=serve); t.start()
c=socket.create_connection(srv.getsockname(), timeout=2)
c.sendall(b'xyz'); print(c.recv(10)); 
print(c.getpeername()==srv.getsockname())
c.close(); t.join(); srv.close()
for f,a in [(socket.inet_aton,'1.2'),(socket.inet_pton,(socket.AF_INET6,'::1')),(socket.htons,1),(socket.getaddrinfo,('127.0.0.1',80,0,socket.SOCK_STREAM))]:
    print(f(*a) if isinstance(a,tuple) else f(a))
loose = socket.socket()
try: loose.bind(5)
except TypeError as e: print(e)
loose.close()
x,y=socket.socketpair(); import array,os
r,w=os.pipe(); socket.send_fds(x,[b'm'],[w]); m,fds,fl,ad=socket.recv_fds(y,10,4); print(m,len(fds),fl); os.write(fds[0],b'q'); print(os.read(r,1))
x.close();y.close()
async def handle(r,w):
    d=await r.readline(); w.write(d[::-1]); await w.drain(); w.close()
async def main():
    s=await asyncio.start_server(handle,'127.0.0.1',0)
    async with s:
        r,w=await asyncio.open_connection(*s.sockets[0].getsockname())
        w.write(b'hello\n'); print(await r.read()); w.close(); await w.wait_closed()
    async def n(i):
        await asyncio.sleep(0.01); return i
    print(await asyncio.gather(*map(n,range(5))))
asyncio.run(main())
import http.server, urllib.request
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'ok '+self.path.encode())
    def log_message(self,*a): pass
h=http.server.ThreadingHTTPServer(('127.0.0.1',0),H)
threading.Thread(target=h.serve_forever,daemon=True).start()
print(urllib.request.urlopen('http://127.0.0.1:%d/p'%h.server_port).read())
h.shutdown(); h.server_close()
for call in (lambda: socket.htons(-1), lambda: socket.htons(1 << 16), lambda: socket.inet_ntoa(b'abc'), lambda: socket.setdefaulttimeout('a')):
    try:
        call()
    except Exception as error:
        print(repr(error))
