typedef signed char i8; typedef int i32;
/* textbook loops of the int8 law, offsets computed as an index function does */
typedef struct { i32 d[4]; } S;
static inline int off(const S*s,int i,int j,int k,int l){return ((i*s->d[1]+j)*s->d[2]+k)*s->d[3]+l;}
static inline i32 mbq(i32 x,i32 m,int sh){ long long v=(long long)x*m; return (i32)((v+(1LL<<(30+sh)))>>(31+sh)); }
#define MAX(a,b) ((a)>(b)?(a):(b))
#define MIN(a,b) ((a)<(b)?(a):(b))
__attribute__((noinline)) void conv(const S*is,const i8*in,const S*fs,const i8*f,const i32*bias,const S*os,i8*out,const i32*mul,const i32*sh,int st,int pad,i32 xo,i32 oo){
 for(int oy=0;oy<os->d[1];oy++)for(int ox=0;ox<os->d[2];ox++)for(int oc=0;oc<os->d[3];oc++){
  i32 acc=0;
  for(int fy=0;fy<fs->d[1];fy++){int iy=oy*st-pad+fy;
   for(int fx=0;fx<fs->d[2];fx++){int ix=ox*st-pad+fx;
    if(ix<0||ix>=is->d[2]||iy<0||iy>=is->d[1])continue;
    for(int ic=0;ic<fs->d[3];ic++){ acc+=f[off(fs,oc,fy,fx,ic)]*(in[off(is,0,iy,ix,ic)]+xo); } } }
  acc+=bias[oc]; acc=mbq(acc,mul[oc],sh[oc])+oo; acc=MAX(acc,-128); acc=MIN(acc,127); out[off(os,0,oy,ox,oc)]=acc; } }
__attribute__((noinline)) void dwise(const S*is,const i8*in,const S*fs,const i8*f,const i32*bias,const S*os,i8*out,const i32*mul,const i32*sh,int st,int pad,i32 xo,i32 oo,int dm){
 for(int oy=0;oy<os->d[1];oy++)for(int ox=0;ox<os->d[2];ox++)for(int ic=0;ic<is->d[3];ic++)for(int m=0;m<dm;m++){
  int oc=m+ic*dm; i32 acc=0;
  for(int fy=0;fy<fs->d[1];fy++)for(int fx=0;fx<fs->d[2];fx++){int ix=ox*st-pad+fx,iy=oy*st-pad+fy;
    if(ix>=0&&ix<is->d[2]&&iy>=0&&iy<is->d[1]) acc+=f[off(fs,0,fy,fx,oc)]*(in[off(is,0,iy,ix,ic)]+xo); }
  acc+=bias[oc]; acc=mbq(acc,mul[oc],sh[oc])+oo; acc=MAX(acc,-128); acc=MIN(acc,127); out[off(os,0,oy,ox,oc)]=acc; } }
__attribute__((noinline)) void dense(const i8*in,const i8*f,const i32*bias,i8*out,int n,int depth,i32 m,int s,i32 xo,i32 fo,i32 oo){
 for(int o=0;o<n;o++){ i32 acc=0; for(int d=0;d<depth;d++) acc+=(f[o*depth+d]+fo)*(in[d]+xo);
  acc+=bias[o]; acc=mbq(acc,m,s)+oo; acc=MAX(acc,-128); acc=MIN(acc,127); out[o]=acc; } }
